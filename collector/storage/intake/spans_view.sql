-- Passes on the spans that the engine could write down.
CREATE MATERIALIZED VIEW spans_view TO spans AS
SELECT * EXCEPT (verdict)
FROM otlp_spans
WHERE verdict = 'stored'

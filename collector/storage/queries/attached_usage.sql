-- What did the calls use that these predictions name as theirs, and how long did they take?
-- Key: (project, ts) from the run's start on for the predictions; the bloom on trace_id.
WITH RECURSIVE
$attached
SELECT
    lower(hex(attached.prediction)) AS span_id,
    nullIf(attached.model, '') AS model,
    attached.input_tokens AS input_tokens,
    attached.output_tokens AS output_tokens,
    attached.cost_usd AS cost_usd,
    attached.duration_ns / 1e6 AS duration_ms
FROM attached
LIMIT {limit:UInt32}

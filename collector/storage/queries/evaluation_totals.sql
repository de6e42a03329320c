-- How many predictions did these runs make, how slow, how costly? A prediction's span is
-- counted once, however often it was sent.
-- Key: (project, ts) from the earliest start on, then the bloom on evaluation_id.
WITH quantilesTDigestIf(0.5, 0.95)(spans.duration_ns, spans.kind = 'prediction') AS percentiles
SELECT
    spans.evaluation_id AS id,
    uniqExactIf(spans.example_id, spans.kind = 'prediction') AS n_examples,
    uniqExactIf(spans.span_id, spans.kind = 'prediction') AS n_predictions,
    uniqExactIf(spans.span_id, spans.kind = 'prediction' AND spans.status = 'error') AS n_errors,
    sumIf(spans.input_tokens, spans.usage_counts) AS input_tokens,
    sumIf(spans.output_tokens, spans.usage_counts) AS output_tokens,
    sumIf(spans.cost_usd, spans.usage_counts) AS cost_usd,
    percentiles[1] / 1e6 AS latency_p50_ms,
    percentiles[2] / 1e6 AS latency_p95_ms
FROM spans
WHERE $scope AND spans.evaluation_id IN {ids:Array(String)}
GROUP BY spans.evaluation_id
LIMIT 1000

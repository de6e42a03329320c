-- What did the calls use that the predictions of these runs name as theirs, and how slow
-- are the predictions with them?
-- Key: (project, ts) from the earliest start on for the predictions; the bloom on trace_id.
WITH RECURSIVE
$attached,
    quantilesTDigest(0.5, 0.95)(ifNull(attached.duration_ns, nullIf(predictions.duration_ns, 0))) AS percentiles
SELECT
    predictions.evaluation_id AS id,
    sum(attached.input_tokens) AS input_tokens,
    sum(attached.output_tokens) AS output_tokens,
    sum(attached.cost_usd) AS cost_usd,
    percentiles[1] / 1e6 AS latency_p50_ms,
    percentiles[2] / 1e6 AS latency_p95_ms
FROM
(
    SELECT
        spans.evaluation_id AS evaluation_id,
        spans.span_id AS span_id,
        any(spans.duration_ns) AS duration_ns
    FROM spans
    WHERE $scope AND $run AND spans.kind = 'prediction'
    GROUP BY evaluation_id, span_id
) AS predictions
LEFT JOIN attached
    ON attached.evaluation_id = predictions.evaluation_id AND attached.prediction = predictions.span_id
GROUP BY predictions.evaluation_id
LIMIT 1000

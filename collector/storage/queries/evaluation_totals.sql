-- How many predictions did these runs make, how slow, how costly? A prediction's span is
-- counted once, however often it was sent, and so are several attempts at one trial, which
-- failed if all did. What judges used stands apart. A duration of 0 is one that nobody
-- knows: of an output that was made elsewhere.
-- Key: (project, ts) from the earliest start on, then the bloom on evaluation_id.
WITH RECURSIVE
$judging,
    quantilesTDigestIf(0.5, 0.95)(nullIf(spans.duration_ns, 0), spans.kind = 'prediction') AS percentiles
SELECT
    spans.evaluation_id AS id,
    uniqExactIf(spans.example_id, spans.kind = 'prediction') AS n_examples,
    uniqExactIf($attempt, spans.kind = 'prediction') AS n_predictions,
    n_predictions - uniqExactIf($attempt, spans.kind = 'prediction' AND spans.status != 'error') AS n_errors,
    sumIf(spans.input_tokens, spans.is_used) AS input_tokens,
    sumIf(spans.output_tokens, spans.is_used) AS output_tokens,
    sumIf(spans.cost_usd, spans.is_used) AS cost_usd,
    sumIf(spans.input_tokens, spans.usage_counts AND NOT spans.is_used) AS judge_input_tokens,
    sumIf(spans.output_tokens, spans.usage_counts AND NOT spans.is_used) AS judge_output_tokens,
    sumIf(spans.cost_usd, spans.usage_counts AND NOT spans.is_used) AS judge_cost_usd,
    percentiles[1] / 1e6 AS latency_p50_ms,
    percentiles[2] / 1e6 AS latency_p95_ms,
    countIf(spans.has_links) AS n_links
FROM
(
    SELECT
        spans.evaluation_id,
        spans.example_id,
        spans.trial,
        spans.span_id,
        spans.kind,
        spans.status,
        spans.duration_ns,
        spans.input_tokens,
        spans.output_tokens,
        spans.cost_usd,
        spans.usage_counts,
        spans.kind = 'prediction' AND position(spans.links, '"tracer.link"') > 0 AS has_links,
        spans.usage_counts AND (spans.trace_id, spans.span_id) NOT IN
            (SELECT judging.trace_id, judging.span_id FROM judging) AS is_used
    FROM spans
    WHERE $scope AND $run
) AS spans
GROUP BY spans.evaluation_id
LIMIT 1000

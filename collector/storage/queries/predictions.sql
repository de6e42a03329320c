-- What are these predictions: content, usage of their whole trace, its judges apart? A
-- duration of 0 is one that nobody knows: of an output that was made elsewhere.
-- Key: (project, ts) from the run's start on, then the bloom on trace_id.
WITH RECURSIVE
$judging
SELECT
    spans.evaluation_id AS evaluation_id,
    nullIf(spans.example_id, '') AS example_id,
    spans.trial AS trial,
    lower(hex(spans.trace_id)) AS trace_id,
    lower(hex(spans.span_id)) AS span_id,
    spans.status AS status,
    nullIf(spans.status_message, '') AS status_message,
    nullIf(spans.error_type, '') AS error_type,
    toDateTime64(spans.ts, 6, 'UTC') AS start,
    toUnixTimestamp64Nano(spans.ts) AS start_ns,
    nullIf(spans.duration_ns, 0) / 1e6 AS duration_ms,
    spans.input AS input,
    spans.output AS output,
    spans.expected AS expected,
    nullIf(usage.model, '') AS model,
    usage.input_tokens AS input_tokens,
    usage.output_tokens AS output_tokens,
    usage.cost_usd AS cost_usd,
    usage.judge_input_tokens AS judge_input_tokens,
    usage.judge_output_tokens AS judge_output_tokens,
    usage.judge_cost_usd AS judge_cost_usd,
    spans.links AS links,
    spans.metadata AS metadata,
    mapFilter((key, kind) -> startsWith(key, 'tracer.metadata.'), spans.attribute_types) AS metadata_types
FROM
(
    SELECT *
    FROM spans
    WHERE $scope
        AND $run
        AND spans.span_id IN (SELECT toFixedString(unhex(arrayJoin({span_ids:Array(String)})), 8))
    ORDER BY spans.received_at DESC
    LIMIT 1 BY spans.span_id
) AS spans
LEFT JOIN
(
    SELECT
        spans.trace_id AS trace_id,
        argMinIf(spans.model, spans.ts, spans.model != '' AND NOT spans.is_judged) AS model,
        sumIf(spans.input_tokens, spans.usage_counts AND NOT spans.is_judged) AS input_tokens,
        sumIf(spans.output_tokens, spans.usage_counts AND NOT spans.is_judged) AS output_tokens,
        sumIf(spans.cost_usd, spans.usage_counts AND NOT spans.is_judged) AS cost_usd,
        sumIf(spans.input_tokens, spans.usage_counts AND spans.is_judged) AS judge_input_tokens,
        sumIf(spans.output_tokens, spans.usage_counts AND spans.is_judged) AS judge_output_tokens,
        sumIf(spans.cost_usd, spans.usage_counts AND spans.is_judged) AS judge_cost_usd
    FROM
    (
        SELECT
            spans.trace_id,
            spans.ts,
            spans.model,
            spans.usage_counts,
            spans.input_tokens,
            spans.output_tokens,
            spans.cost_usd,
            (spans.trace_id, spans.span_id) IN
                (SELECT judging.trace_id, judging.span_id FROM judging) AS is_judged
        FROM spans
        WHERE $scope AND $run
    ) AS spans
    GROUP BY spans.trace_id
) AS usage ON usage.trace_id = spans.trace_id
LIMIT 1000

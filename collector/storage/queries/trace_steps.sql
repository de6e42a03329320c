-- Which steps has this trace, without what they said? Newest copy of each span.
-- Key: the bloom on trace_id; $scope only names the project, if one was given. Columns of
-- content, attributes and metadata are not read: of ten thousand spans they are megabytes.
SELECT
    spans.project AS project,
    lower(hex(spans.trace_id)) AS trace_id,
    lower(hex(spans.span_id)) AS span_id,
    if(spans.parent_span_id = toFixedString('', 8), NULL, lower(hex(spans.parent_span_id))) AS parent_span_id,
    spans.name AS name,
    spans.kind AS kind,
    spans.status AS status,
    nullIf(spans.status_message, '') AS status_message,
    nullIf(spans.error_type, '') AS error_type,
    toUnixTimestamp64Nano(spans.ts) AS start_ns,
    spans.duration_ns / 1e6 AS duration_ms,
    nullIf(spans.operation, '') AS operation,
    nullIf(spans.provider, '') AS provider,
    nullIf(spans.model, '') AS model,
    spans.input_tokens AS input_tokens,
    spans.output_tokens AS output_tokens,
    spans.cost_usd AS cost_usd,
    spans.time_to_first_token_ns / 1e6 AS time_to_first_token_ms,
    spans.usage_counts AS usage_counts,
    spans.cache_read_tokens AS cache_read_tokens
FROM spans
WHERE $scope AND spans.trace_id = toFixedString(unhex({trace_id:String}), 16)
ORDER BY spans.ts, spans.span_id, spans.received_at DESC
LIMIT 1 BY spans.span_id
LIMIT {limit:UInt32}

-- What happened in this trace: every span with its content, newest copy of each.
-- Key: the bloom on trace_id; $scope only names the project, if one was given.
SELECT
$span_columns,
    spans.input AS input,
    spans.output AS output,
    spans.expected AS expected,
    spans.attributes AS attributes,
    spans.attribute_types AS attribute_types,
    spans.resource AS resource,
    spans.events AS events,
    spans.links AS links,
    spans.is_entry AS is_entry,
    spans.usage_counts AS usage_counts,
    spans.sender_cost_usd AS sender_cost_usd,
    spans.cache_read_tokens AS cache_read_tokens
FROM spans
WHERE $scope AND spans.trace_id = toFixedString(unhex({trace_id:String}), 16)
ORDER BY spans.ts, spans.span_id, spans.received_at DESC
LIMIT 1 BY spans.span_id
LIMIT {limit:UInt32}

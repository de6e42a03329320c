-- What has each span of this trace that the row of the trace may need? Without content;
-- newest copy of each span.
-- Key: (project, ts) by the window, then the bloom on trace_id.
SELECT
$span_columns,
    spans.is_entry AS is_entry,
    spans.usage_counts AS usage_counts
FROM spans
WHERE $scope AND spans.trace_id = toFixedString(unhex({trace_id:String}), 16)
ORDER BY spans.ts, spans.span_id, spans.received_at DESC
LIMIT 1 BY spans.span_id
LIMIT {limit:UInt32}

-- What happened in this trace: every span with its content, newest copy of each.
-- Key: the bloom on trace_id; $scope only names the project, if one was given.
SELECT
$full_span_columns
FROM spans
WHERE $scope AND spans.trace_id = toFixedString(unhex({trace_id:String}), 16)
ORDER BY spans.ts, spans.span_id, spans.received_at DESC
LIMIT 1 BY spans.span_id
LIMIT {limit:UInt32}

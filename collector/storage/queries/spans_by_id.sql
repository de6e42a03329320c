-- What do these spans say? Spans with their content, newest copy of each.
-- Key: (project, ts) by the window, then the bloom on trace_id.
SELECT
$span_columns,
$content_columns
FROM spans
WHERE $scope
    AND spans.trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
    AND spans.span_id IN (SELECT toFixedString(unhex(arrayJoin({span_ids:Array(String)})), 8))
ORDER BY spans.received_at DESC
LIMIT 1 BY spans.trace_id, spans.span_id
LIMIT 1000

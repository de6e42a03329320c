-- What was this span, with its content? The newest copy.
-- Key: the bloom on trace_id; $scope only names the project, if one was given.
SELECT
$span_columns,
$content_columns
FROM spans
WHERE $scope AND spans.trace_id = toFixedString(unhex({trace_id:String}), 16)
    AND spans.span_id = toFixedString(unhex({span_id:String}), 8)
ORDER BY spans.received_at DESC
LIMIT 1

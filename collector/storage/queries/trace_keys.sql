-- Which entry spans match, in this order? Keys only; the rows come from traces.sql.
-- Key: (project, ts) bounds the window and gives the order by start.
SELECT
    lower(hex(spans.trace_id)) AS trace_id,
    lower(hex(spans.span_id)) AS span_id,
    toUnixTimestamp64Nano(spans.ts) AS start_ns,
    spans.parent_span_id = toFixedString('', 8) AS is_root,
    $value AS value
FROM spans
WHERE spans.is_entry AND $scope AND $where AND $behind
ORDER BY $order
LIMIT {limit:UInt32}

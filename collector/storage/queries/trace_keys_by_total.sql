-- Which traces used the most tokens or money? Keys and the total sorted by.
-- Key: (project, ts) bounds the window.
SELECT
    lower(hex(spans.trace_id)) AS trace_id,
    $value AS value
FROM spans
WHERE $scope
    AND spans.trace_id IN
    (
        SELECT spans.trace_id
        FROM spans
        WHERE spans.is_entry AND $scope AND $where
    )
GROUP BY spans.trace_id
HAVING $behind
ORDER BY $order
LIMIT {limit:UInt32}

-- Which sessions have a matching span in the window, in this order? Keys only.
-- Key: (project, ts) bounds the window; the bloom on session_id, if one is asked for.
SELECT
    $project AS project,
    spans.session_id AS session_id,
    $value AS sort_value,
    $id_digits AS sort_id
FROM spans
WHERE spans.session_id != '' AND $scope AND $where
GROUP BY $grouped
HAVING $behind
ORDER BY $order
LIMIT {limit:UInt32}

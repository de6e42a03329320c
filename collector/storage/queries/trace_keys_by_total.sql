-- Which traces used the most tokens or money? Keys and the total sorted by. $among picks the
-- rows to add up, $listed says which traces are wanted; ids as whole numbers: the engine
-- groups fixed strings more slowly.
-- Key: (project, ts) bounds the window.
SELECT
    lower(hex(reinterpretAsFixedString(id))) AS trace_id,
    $value AS value
FROM spans
WHERE $scope AND $among
GROUP BY reinterpretAsUInt128(spans.trace_id) AS id
HAVING $listed AND $behind
ORDER BY $order
LIMIT {limit:UInt32}

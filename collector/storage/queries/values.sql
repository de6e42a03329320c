-- Which values does this field have most often in the window?
-- Key: (project, ts) bounds the window; one narrow column is read.
SELECT
    $value AS value,
    count() AS n
FROM spans
WHERE $scope AND $present
GROUP BY value
ORDER BY n DESC, value
LIMIT {limit:UInt32}

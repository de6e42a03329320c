-- Which values does this field have most often in the window, and when was each seen first
-- and last in it?
-- Key: (project, ts) bounds the window; one narrow column is read.
SELECT
    $value AS value,
    count() AS n,
    toUnixTimestamp64Nano(min(spans.ts)) AS first_ns,
    toUnixTimestamp64Nano(max(spans.ts)) AS last_ns
FROM spans
WHERE $scope AND $present
GROUP BY value
ORDER BY n DESC, value
LIMIT {limit:UInt32}

-- How slow, and how sure is that, by time and group? Median and 95th percentile of what
-- $counted spans took, each with the ends of its 95 % interval: order statistics by the
-- binomial distribution of how many lie below. An end is NULL where even the extreme value
-- may lie inside.
-- Key: (project, ts) bounds the window.
WITH quantilesTDigest($levels)($took) AS grid
SELECT
    $bucket AS bucket,
    toUnixTimestamp(bucket) * 1000000000 AS bucket_ns,
    $group AS group,
    count() AS n,
$columns
FROM spans
WHERE $scope AND $where AND $counted
$grouping
ORDER BY bucket, n DESC, group
LIMIT {limit:UInt32}

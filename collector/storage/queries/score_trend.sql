-- How do scores move over time? Sums by bucket, name and group, over the newest version of
-- each, from which tracer.stats makes mean and interval. A cluster is an example, else a
-- trace, by a number: the engine groups texts more slowly. Labels have no mean and are left
-- out; yes/no beside numbers are numbers, as in runs. What people gave stands beside what
-- scorers did, under a name of its own, where the window has both.
-- Key: (project, name, ts).
SELECT
    clusters.bucket AS bucket,
    toUnixTimestamp(bucket) * 1000000000 AS bucket_ns,
    clusters.name AS name,
    clusters.group AS group,
    if(countIf(clusters.type = 'number') > 0, 'number', any(clusters.type)) AS type,
    sum(clusters.n) AS n,
    count() AS n_clusters,
    sum(clusters.total) AS sum,
    sum(clusters.squares) AS sum_squares,
    sum(clusters.total * clusters.total) AS cluster_sum_squares,
    sum(clusters.total * clusters.n) AS cluster_sum_counts,
    sum(clusters.n * clusters.n) AS cluster_count_squares,
    min(clusters.scale_low) AS scale_low,
    max(clusters.scale_high) AS scale_high
FROM
(
    SELECT
        $bucket AS bucket,
        $named AS name,
        $group AS group,
        reinterpretAsUInt128(if(newest.example_id != '', sipHash128(newest.example_id), newest.trace_id)) AS cluster,
        if(countIf(newest.type = 'number') > 0, 'number', any(newest.type)) AS type,
        count() AS n,
        sum(newest.value) AS total,
        sum(newest.value * newest.value) AS squares,
        min(newest.scale_low) AS scale_low,
        max(newest.scale_high) AS scale_high
    FROM
    (
$newest
    ) AS newest
    $join
    WHERE NOT newest.deleted AND isNotNull(newest.value)
    GROUP BY bucket, name, group, cluster
) AS clusters
WHERE $shown
GROUP BY clusters.bucket, clusters.name, clusters.group
ORDER BY bucket, name, group
LIMIT {limit:UInt32}

-- How do scores move over time? Sums by bucket, name and group, over the newest version of
-- each, from which tracer.stats makes mean and interval. A cluster is an example, else a
-- trace. Labels have no mean and are left out.
-- Key: (project, name, ts).
SELECT
    clusters.bucket AS bucket,
    toUnixTimestamp(bucket) * 1000000000 AS bucket_ns,
    clusters.name AS name,
    clusters.group AS group,
    any(clusters.type) AS type,
    sum(clusters.n) AS n,
    count() AS n_clusters,
    sum(clusters.total) AS sum,
    sum(clusters.squares) AS sum_squares,
    sum(clusters.total * clusters.total) AS cluster_sum_squares,
    sum(clusters.total * clusters.n) AS cluster_sum_counts,
    sum(clusters.n * clusters.n) AS cluster_count_squares
FROM
(
    SELECT
        $bucket AS bucket,
        newest.name AS name,
        $group AS group,
        if(newest.held.example_id != '', newest.held.example_id, hex(newest.held.trace_id)) AS cluster,
        any(newest.held.type) AS type,
        count() AS n,
        sum(newest.held.value) AS total,
        sum(newest.held.value * newest.held.value) AS squares
    FROM
    (
        SELECT
            scores.name AS name,
            argMax(
                CAST(
                    (ts, trace_id, evaluation_id, example_id, type, value, source, author, deleted),
                    'Tuple(ts DateTime64(9, ''UTC''), trace_id FixedString(16), evaluation_id String, example_id String, type String, value Nullable(Float64), source String, author String, deleted Bool)'
                ),
                scores.version_ns
            ) AS held
        FROM scores
        WHERE $scope AND $of_identity
        GROUP BY scores.name, scores.score_id
    ) AS newest
    $join
    WHERE NOT newest.held.deleted AND isNotNull(newest.held.value)
    GROUP BY bucket, name, group, cluster
) AS clusters
GROUP BY clusters.bucket, clusters.name, clusters.group
ORDER BY bucket, name, group
LIMIT {limit:UInt32}

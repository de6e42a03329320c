-- What are the mean scores of these runs, over the newest version of each score, how sure
-- are they with examples as clusters, and how many scorers failed?
-- Key: the bloom on evaluation_id.
SELECT
    named.id AS id,
    mapFromArrays(groupArray(named.name), groupArray(named.summary)) AS means,
    sum(named.n_errors) AS n_score_errors
FROM
(
    SELECT
        examples.id AS id,
        examples.name AS name,
        sum(examples.n) AS n_values,
        sum(examples.n_labels) AS n_labels,
        sum(examples.n_errors) AS n_errors,
        multiIf(
            sum(examples.n_numbers) > 0, 'number',
            sum(examples.n_bools) > 0, 'bool',
            n_labels > 0, 'label',
            any(examples.any_type)
        ) AS type,
        CAST(
            (
                if(n_values > 0, sum(examples.total) / n_values, NULL),
                if(n_values > 0, n_values, n_labels),
                type,
                countIf(examples.n > 0),
                sum(examples.total),
                sum(examples.squares),
                sum(examples.total * examples.total),
                sum(examples.total * examples.n),
                sum(examples.n * examples.n),
                min(examples.scale_low),
                max(examples.scale_high)
            ),
            'Tuple(mean Nullable(Float64), n UInt64, type String, n_clusters UInt64, sum Float64, sum_squares Float64, cluster_sum_squares Float64, cluster_sum_counts Float64, cluster_count_squares Float64, scale_low Nullable(Float64), scale_high Nullable(Float64))'
        ) AS summary
    FROM
    (
        SELECT
            newest.evaluation_id AS id,
            newest.name AS name,
            newest.example_id AS example_id,
            countIf(isNotNull(newest.value)) AS n,
            sum(ifNull(newest.value, 0)) AS total,
            sum(ifNull(newest.value * newest.value, 0)) AS squares,
            countIf(newest.label != '') AS n_labels,
            countIf(newest.error != '') AS n_errors,
            countIf(newest.type = 'number' AND isNotNull(newest.value)) AS n_numbers,
            countIf(newest.type = 'bool' AND isNotNull(newest.value)) AS n_bools,
            any(newest.type) AS any_type,
            min(newest.scale_low) AS scale_low,
            max(newest.scale_high) AS scale_high
        FROM
        (
            SELECT
                scores.evaluation_id AS evaluation_id,
                scores.name AS name,
                scores.example_id AS example_id,
                scores.value AS value,
                scores.label AS label,
                scores.type AS type,
                scores.error AS error,
                scores.scale_low AS scale_low,
                scores.scale_high AS scale_high,
                scores.deleted AS deleted
            FROM scores
            WHERE $scope AND scores.evaluation_id IN {ids:Array(String)}
            ORDER BY scores.version_ns DESC
            LIMIT 1 BY scores.score_id
        ) AS newest
        WHERE NOT newest.deleted
        GROUP BY newest.evaluation_id, newest.name, newest.example_id
    ) AS examples
    GROUP BY examples.id, examples.name
) AS named
GROUP BY named.id
LIMIT 1000

-- What are the mean scores of these runs, over the newest version of each score, how sure
-- are they with examples as clusters, and how many scorers failed?
-- Names, and what people gave, as in evaluation_sums.sql.
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
                max(examples.scale_high),
                if(examples.name = any(examples.own_name), '', any(examples.own_name))
            ),
            'Tuple(mean Nullable(Float64), n UInt64, type String, n_clusters UInt64, sum Float64, sum_squares Float64, cluster_sum_squares Float64, cluster_sum_counts Float64, cluster_count_squares Float64, scale_low Nullable(Float64), scale_high Nullable(Float64), beside String)'
        ) AS summary
    FROM
    (
        SELECT
            readings.id AS id,
            readings.name AS name,
            readings.example_id AS example_id,
            any(readings.own_name) AS own_name,
            sum(length(readings.given)) AS n,
            sum(arraySum(readings.given)) AS total,
            sum(arraySum(one -> one * one, readings.given)) AS squares,
            sum(readings.n_labels) AS n_labels,
            sum(readings.n_errors) AS n_errors,
            sum(readings.is_number) AS n_numbers,
            sum(readings.is_bool) AS n_bools,
            any(readings.any_type) AS any_type,
            min(readings.scale_low) AS scale_low,
            max(readings.scale_high) AS scale_high
        FROM
        (
            SELECT
                newest.evaluation_id AS id,
                newest.name AS name,
                newest.example_id AS example_id,
                any(newest.own_name) AS own_name,
$reading
            FROM
            (
                SELECT
                    scores.evaluation_id AS evaluation_id,
                    $score_shown AS name,
                    toString(scores.name) AS own_name,
                    scores.source IN ('human', 'user') AS is_person,
                    scores.example_id AS example_id,
                    ifNull(scores.trial, 0) AS trial,
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
            GROUP BY newest.evaluation_id, newest.name, newest.example_id, newest.trial, newest.is_person
        ) AS readings
        GROUP BY readings.id, readings.name, readings.example_id
    ) AS examples
    GROUP BY examples.id, examples.name
) AS named
GROUP BY named.id
LIMIT 1000

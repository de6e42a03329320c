-- What are the mean scores of these runs, over the newest version of each score, and how
-- many of those are no score, as their scorer failed?
-- Key: the bloom on evaluation_id.
SELECT
    named.id AS id,
    mapFromArrays(groupArray(named.name), groupArray(named.summary)) AS means,
    sum(named.n_errors) AS n_score_errors
FROM
(
    SELECT
        newest.evaluation_id AS id,
        newest.name AS name,
        CAST(
            (avg(newest.value), if(n_values > 0, n_values, countIf(newest.label != '')), type),
            'Tuple(mean Nullable(Float64), n UInt64, type String)'
        ) AS summary,
        countIf(isNotNull(newest.value)) AS n_values,
        countIf(newest.error != '') AS n_errors,
        multiIf(
            countIf(newest.type = 'number' AND isNotNull(newest.value)) > 0, 'number',
            countIf(newest.type = 'bool' AND isNotNull(newest.value)) > 0, 'bool',
            countIf(newest.label != '') > 0, 'label',
            any(newest.type)
        ) AS type
    FROM
    (
        SELECT
            scores.evaluation_id AS evaluation_id,
            scores.name AS name,
            scores.value AS value,
            scores.label AS label,
            scores.type AS type,
            scores.error AS error,
            scores.deleted AS deleted
        FROM scores
        WHERE $scope AND scores.evaluation_id IN {ids:Array(String)}
        ORDER BY scores.version_ns DESC
        LIMIT 1 BY scores.score_id
    ) AS newest
    WHERE NOT newest.deleted
    GROUP BY newest.evaluation_id, newest.name
) AS named
GROUP BY named.id
LIMIT 1000

-- Which scores do these examples of a run have, newest version of each?
-- Key: the bloom on evaluation_id.
SELECT
    scores.example_id AS example_id,
    ifNull(scores.trial, 0) AS trial,
    $score_shown AS name,
    scores.value AS value,
    nullIf(scores.label, '') AS label,
    scores.type AS type,
    nullIf(scores.explanation, '') AS explanation,
    nullIf(scores.error, '') AS error,
    nullIf(scores.author, '') AS author,
    scores.source AS source
FROM
(
    SELECT *
    FROM scores
    WHERE $scope AND scores.evaluation_id = {id:String} AND scores.example_id IN {examples:Array(String)}
    ORDER BY scores.version_ns DESC
    LIMIT 1 BY scores.score_id
) AS scores
WHERE NOT scores.deleted
ORDER BY scores.ts
LIMIT {limit:UInt32}

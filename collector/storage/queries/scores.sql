-- Which scores match? One page. $newest keeps the newest version of each, if asked.
-- $of_identity are conditions on what all versions share, $where on what may differ.
-- Key: (project, name, ts); blooms on trace_id and evaluation_id.
SELECT
$score_columns
FROM
(
    SELECT *
    FROM scores
    WHERE $versions AND $of_identity
    ORDER BY scores.version_ns DESC
    $newest
) AS scores
WHERE $scope AND $where AND $behind
ORDER BY $order
LIMIT {limit:UInt32}

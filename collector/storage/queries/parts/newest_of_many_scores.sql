-- The same of so many that sorting them takes longer than a look for those, mostly few, that
-- have several versions (measured: of a million scores half as long, of few 15 ms longer).
        SELECT
$trend_columns
        FROM scores
        WHERE $scope AND $of_identity AND reinterpretAsUInt128(scores.score_id) NOT IN
            (
$rewritten_scores
            )
        UNION ALL
        SELECT
$trend_columns
        FROM scores
        WHERE $scope AND $of_identity AND reinterpretAsUInt128(scores.score_id) IN
            (
$rewritten_scores
            )
        ORDER BY scores.version_ns DESC
        LIMIT 1 BY scores.score_id

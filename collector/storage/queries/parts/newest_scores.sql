-- The newest version of each score.
        SELECT
$trend_columns
        FROM scores
        WHERE $scope AND $of_identity
        ORDER BY scores.version_ns DESC
        LIMIT 1 BY scores.score_id

-- Which scores are there in the window, the most frequent first?
-- Key: (project, name, ts).
SELECT
    scores.name AS value,
    uniqExact(scores.score_id) AS n
FROM scores
WHERE $scope
GROUP BY scores.name
ORDER BY n DESC, value
LIMIT {limit:UInt32}

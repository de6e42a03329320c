-- Which scores are there in the window, the most frequent first?
-- Key: (project, name, ts).
SELECT
    scores.name AS value,
    uniqExact(scores.score_id) AS n,
    toUnixTimestamp64Nano(min(scores.ts)) AS first_ns,
    toUnixTimestamp64Nano(max(scores.ts)) AS last_ns
FROM scores
WHERE $scope
GROUP BY scores.name
ORDER BY n DESC, value
LIMIT {limit:UInt32}

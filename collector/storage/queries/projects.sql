-- Which projects are there, and how much is in each?
-- Key: reads project, ts and is_entry of everything; narrow columns only.
SELECT
    spans.project AS project,
    countIf(spans.is_entry) AS n_traces,
    count() AS n_spans,
    toDateTime64(min(spans.ts), 6, 'UTC') AS first,
    toDateTime64(max(spans.ts), 6, 'UTC') AS last,
    toUnixTimestamp64Nano(min(spans.ts)) AS first_ns,
    toUnixTimestamp64Nano(max(spans.ts)) AS last_ns
FROM spans
WHERE $scope
GROUP BY spans.project
ORDER BY last_ns DESC
LIMIT 1000

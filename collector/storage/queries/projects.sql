-- Which projects are there, and how much is in each? Also those without spans.
-- Key: reads project and times of everything; narrow columns only.
SELECT
    found.project AS project,
    sum(found.n_traces) AS n_traces,
    sum(found.n_spans) AS n_spans,
    toDateTime64(min(found.first), 6, 'UTC') AS first,
    toDateTime64(max(found.last), 6, 'UTC') AS last,
    toUnixTimestamp64Nano(min(found.first)) AS first_ns,
    toUnixTimestamp64Nano(max(found.last)) AS last_ns
FROM
(
    SELECT project, countIf(is_entry) AS n_traces, count() AS n_spans, min(ts) AS first, max(ts) AS last
    FROM spans
    GROUP BY project
    UNION ALL
    SELECT project, 0 AS n_traces, 0 AS n_spans, min(ts) AS first, max(ts) AS last
    FROM scores
    GROUP BY project
    UNION ALL
    SELECT project, 0 AS n_traces, 0 AS n_spans, min(ts) AS first, max(ts) AS last
    FROM evaluation_events
    GROUP BY project
    UNION ALL
    SELECT project, 0 AS n_traces, 0 AS n_spans, toDateTime64(min(at), 9, 'UTC') AS first, toDateTime64(max(at), 9, 'UTC') AS last
    FROM dataset_versions
    GROUP BY project
) AS found
WHERE $scope
GROUP BY found.project
ORDER BY last_ns DESC
LIMIT 1000

-- Which projects are there, and how much is in each? Also those without spans: what
-- people keep in a project makes it one.
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
    SELECT project, 0 AS n_traces, 0 AS n_spans, min(ts) AS first, max(ts) AS last
    FROM events
    GROUP BY project
    UNION ALL
    SELECT project, 0 AS n_traces, 0 AS n_spans, toDateTime64(min(at), 9, 'UTC') AS first, toDateTime64(max(at), 9, 'UTC') AS last
    FROM dataset_versions
    GROUP BY project
    UNION ALL
    SELECT project, 0 AS n_traces, 0 AS n_spans, toDateTime64(min(kept.first), 9, 'UTC') AS first, toDateTime64(max(kept.last), 9, 'UTC') AS last
    FROM
    (
        SELECT project, min(at) AS first, max(at) AS last
        FROM documents
        WHERE kind IN ('judge', 'job', 'view', 'queue', 'alert-rule', 'online-rule')
        GROUP BY kind, project, id
        HAVING NOT argMax(deleted, version)
    ) AS kept
    GROUP BY project
) AS found
WHERE $scope
GROUP BY found.project
ORDER BY last_ns DESC
LIMIT 1000

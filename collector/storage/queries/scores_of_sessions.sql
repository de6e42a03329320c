-- Which scores have these sessions, by name? Over the newest scores of all their traces.
-- Key: (project, ts) and the bloom on session_id find the traces; the bloom on trace_id
-- their scores.
SELECT
    named.project AS project,
    named.session_id AS session_id,
    mapFromArrays(groupArray(named.name), groupArray(named.summary)) AS scores
FROM
(
    SELECT
        traces.project AS project,
        traces.session_id AS session_id,
        newest.name AS name,
        CAST(
            (avg(newest.value), if(n_values > 0, n_values, countIf(newest.label != '')), nullIf(argMax(newest.label, newest.ts), ''), argMax(newest.type, newest.ts)),
            'Tuple(mean Nullable(Float64), n UInt64, label Nullable(String), type String)'
        ) AS summary,
        countIf(isNotNull(newest.value)) AS n_values
    FROM
    (
        SELECT *
        FROM scores
        WHERE $scores
            AND scores.trace_id IN
            (
                SELECT spans.trace_id
                FROM spans
                WHERE spans.session_id IN {session_ids:Array(String)} AND $scope
            )
        ORDER BY scores.version_ns DESC
        LIMIT 1 BY scores.score_id
    ) AS newest
    INNER JOIN
    (
        SELECT
            spans.trace_id AS trace_id,
            spans.project AS project,
            max(spans.session_id) AS session_id
        FROM spans
        WHERE spans.session_id IN {session_ids:Array(String)} AND $scope
        GROUP BY spans.project, spans.trace_id
    ) AS traces ON traces.trace_id = newest.trace_id
    WHERE NOT newest.deleted
    GROUP BY
        traces.project,
        traces.session_id,
        newest.name
) AS named
GROUP BY
    named.project,
    named.session_id
LIMIT 10000

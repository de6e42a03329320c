-- The newest scores of the traces {trace_ids}, by name: mean, count, last label, last type.
    SELECT
        named.trace_id AS trace_id,
        mapFromArrays(groupArray(named.name), groupArray(named.summary)) AS scores
    FROM
    (
        SELECT
            newest.trace_id AS trace_id,
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
            WHERE $scores AND scores.trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
            ORDER BY scores.version_ns DESC
            LIMIT 1 BY scores.score_id
        ) AS newest
        WHERE NOT newest.deleted
        GROUP BY newest.trace_id, newest.name
    ) AS named
    GROUP BY named.trace_id

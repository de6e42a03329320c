-- Which rows are older copies of a span that another request brought again? Of each span
-- the copy that came last is kept, of two that came in one millisecond the one with the
-- greater digest: every collector that asks says the same. Only spans of which a copy came
-- in the window are looked for, among those that begin in the time given.
SELECT
    lower(hex(concat(trace_id, span_id, copy.2))) AS row_key,
    project
FROM
(
    SELECT
        project,
        trace_id,
        span_id,
        arraySort(groupUniqArray((received_at, digest))) AS copies
    FROM spans
    WHERE ts >= fromUnixTimestamp64Nano({first_ns:Int64}, 'UTC')
        AND ts <= fromUnixTimestamp64Nano({last_ns:Int64}, 'UTC')
        AND (project, trace_id, span_id) IN
        (
            SELECT project, trace_id, span_id
            FROM spans
            WHERE received_at > fromUnixTimestamp64Milli({after_ms:Int64}, 'UTC')
                AND received_at <= fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC')
        )
    GROUP BY project, trace_id, span_id
    HAVING uniqExact(digest) > 1
)
ARRAY JOIN arrayFilter(c -> c.2 != copies[-1].2, copies) AS copy

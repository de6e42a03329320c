-- Which traces of this window have no entry span yet (still running, or lost)? Keys of
-- their earliest matching span.
-- Key: (project, ts) bounds the window; $around is the window and a day on both sides. Of
-- its entry spans only those are looked at that $matter.
SELECT
    lower(hex(spans.trace_id)) AS trace_id,
    lower(hex(spans.span_id)) AS span_id,
    toUnixTimestamp64Nano(spans.ts) AS start_ns,
    $value AS value
FROM
(
    SELECT
        spans.trace_id,
        spans.span_id,
        spans.ts,
        spans.duration_ns
    FROM spans
    WHERE NOT spans.is_entry AND $scope AND $where AND $behind
        AND spans.trace_id NOT IN
        (
            SELECT spans.trace_id
            FROM spans
            WHERE spans.is_entry AND $around AND $matter
        )
    ORDER BY spans.ts, spans.span_id
    LIMIT 1 BY spans.trace_id
) AS spans
ORDER BY $order
LIMIT {limit:UInt32}

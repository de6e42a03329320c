-- Which traces match, where whole traces do ($where holds of all spans of a trace, or of
-- none)? Keys of their entry span or, without one, of the earliest, chosen as in traces.sql.
-- Key: (project, ts) bounds the window.
SELECT
    lower(hex(spans.trace_id)) AS trace_id,
    lower(hex(spans.span_id)) AS span_id,
    toUnixTimestamp64Nano(spans.ts) AS start_ns,
    spans.parent_span_id = toFixedString('', 8) AS is_root,
    $value AS value
FROM
(
    SELECT
        spans.trace_id,
        spans.span_id,
        spans.ts,
        spans.duration_ns,
        spans.parent_span_id
    FROM spans
    WHERE $scope AND $where
    ORDER BY
        spans.parent_span_id != toFixedString('', 8),
        NOT spans.is_entry,
        spans.ts,
        spans.span_id
    LIMIT 1 BY spans.trace_id
) AS spans
WHERE $behind
ORDER BY $order
LIMIT {limit:UInt32}

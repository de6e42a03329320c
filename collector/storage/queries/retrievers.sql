-- What did retrievers find in these traces? The first 20 of each trace, newest copy of each.
-- Key: (project, ts) by the window, then the bloom on trace_id.
SELECT *
FROM
(
    SELECT
    $span_columns,
    $content_columns
    FROM spans
    WHERE $scope
        AND spans.trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
        AND spans.kind = 'retriever'
    ORDER BY spans.ts, spans.span_id, spans.received_at DESC
    LIMIT 1 BY spans.trace_id, spans.span_id
) AS found
ORDER BY found.start_ns, found.span_id
LIMIT 20 BY found.trace_id
LIMIT 2000

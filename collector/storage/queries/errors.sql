-- Why did calls (entry spans) fail, alike reasons together, the newest first? Numbers and ids
-- in a message make no other reason.
-- Key: (project, ts) bounds the window; messages are read of failed calls alone.
SELECT
    replaceRegexpAll(
        left(if(spans.status_message = '', spans.error_type, spans.status_message), 500),
        '0x[0-9a-fA-F]+|[0-9a-fA-F]{8}[0-9a-fA-F-]{8,}|[0-9]+',
        '#'
    ) AS pattern,
    left(argMax(spans.status_message, spans.ts), 500) AS message,
    nullIf(toString(argMax(spans.error_type, spans.ts)), '') AS error_type,
    toString(argMax(spans.name, spans.ts)) AS name,
    lower(hex(argMax(spans.trace_id, spans.ts))) AS trace_id,
    count() AS n,
    toUnixTimestamp64Nano(min(spans.ts)) AS first_ns,
    toUnixTimestamp64Nano(max(spans.ts)) AS last_ns
FROM spans
WHERE $scope AND $where AND spans.is_entry AND spans.status = 'error'
GROUP BY pattern
ORDER BY last_ns DESC, pattern
LIMIT {limit:UInt32}

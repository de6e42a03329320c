-- How much does the store hold, and on how much disk? Of replicas, one a shard is asked.
-- Reads the engine's own account of its parts, no rows.
SELECT
    sumIf(parts.rows, parts.table IN ('spans', 'spans_local')) AS spans_stored,
    sumIf(parts.rows, parts.table IN ('scores', 'scores_local')) AS scores_stored,
    sum(parts.bytes_on_disk) AS disk_bytes
FROM $parts AS parts
WHERE parts.active AND parts.database = currentDatabase()
LIMIT 1

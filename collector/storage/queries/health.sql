-- How much does the store hold, and on how much disk? And how much the engine's own logs?
-- Of replicas, one a shard is asked. Reads the engine's own account of its parts, no rows.
SELECT
    sumIf(
        parts.rows, parts.table IN ('spans', 'spans_local') AND parts.database = currentDatabase()
    ) AS spans_stored,
    sumIf(
        parts.rows, parts.table IN ('scores', 'scores_local') AND parts.database = currentDatabase()
    ) AS scores_stored,
    sumIf(parts.bytes_on_disk, parts.database = currentDatabase()) AS disk_bytes,
    sumIf(parts.bytes_on_disk, parts.database = 'system') AS system_bytes,
    (SELECT sum(disks.unreserved_space) FROM system.disks AS disks) AS disk_free_bytes
FROM $parts AS parts
WHERE parts.active AND parts.database IN (currentDatabase(), 'system')
LIMIT 1

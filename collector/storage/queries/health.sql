-- How much does the store hold, and on how much disk?
-- Reads the engine's own account of its parts, no rows.
SELECT
    sumIf(parts.rows, parts.table = 'spans') AS spans_stored,
    sumIf(parts.rows, parts.table = 'scores') AS scores_stored,
    sum(parts.bytes_on_disk) AS disk_bytes
FROM system.parts AS parts
WHERE parts.active AND parts.database = currentDatabase()
LIMIT 1

-- The tables that a copy holds: all that store rows, but not the record of migrations.
SELECT name, engine
FROM system.tables
WHERE database = currentDatabase()
    AND engine LIKE '%MergeTree'
    AND name NOT IN ('migrations', 'unfinished_copy')
    AND NOT startsWith(name, '.inner')
ORDER BY name = 'receipts', name

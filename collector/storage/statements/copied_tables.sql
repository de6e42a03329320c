-- The tables that a copy holds: all that store rows, but not the record of migrations, nor
-- who works on this store.
-- Rows of datasets come after the versions that name them: a version saved during a
-- backup then lacks none. Receipts come last: one stands for rows that are there.
SELECT name, engine
FROM system.tables
WHERE database = currentDatabase()
    AND engine LIKE '%MergeTree'
    AND name NOT IN ('migrations', 'collectors', 'unfinished_copy')
    AND NOT startsWith(name, '.inner')
ORDER BY
    name = 'receipts',
    name = 'dataset_rows',
    name

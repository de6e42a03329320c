-- The partitions of a table that hold rows, first to last, with rows and bytes on disk.
SELECT
    partition_id,
    sum(rows) AS n_rows,
    sum(bytes_on_disk) AS n_bytes
FROM system.parts
WHERE database = currentDatabase()
    AND table = {table:String}
    AND active
GROUP BY partition_id
ORDER BY partition_id

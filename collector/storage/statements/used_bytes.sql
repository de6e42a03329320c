-- How many bytes do the parts in use take on disk?
SELECT sum(bytes_on_disk)
FROM system.parts
WHERE database = currentDatabase()
    AND active

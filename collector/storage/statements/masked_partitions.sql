-- Where do rows that were deleted still lie on disk?
SELECT DISTINCT table, partition_id
FROM system.parts
WHERE database = currentDatabase()
    AND active
    AND has_lightweight_delete
ORDER BY table, partition_id

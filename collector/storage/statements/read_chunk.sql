-- The rows of a chunk, in blocks that fit the memory.
SELECT {columns}
FROM `{table}` {final}
WHERE _partition_id = {{partition:String}}
    AND {taken}
SETTINGS max_block_size = 8192, max_execution_time = 0, optimize_use_projections = 0

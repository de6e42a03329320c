-- How many rows has a chunk, and what is the sum of their hashes? A tuple's hash counts
-- missing values too, and a sum depends on no order but on every copy.
SELECT
    count(),
    toString(sum(cityHash64(tuple({columns}))))
FROM `{table}` {final}
WHERE _partition_id = {{partition:String}}
    AND {taken}
SETTINGS max_block_size = 8192, max_execution_time = 0, optimize_use_projections = 0

-- Stores the rows of a chunk's file; only the embedded engine reads files of ours.
INSERT INTO `{table}` ({columns})
SELECT {columns}
FROM file({{path:String}}, 'Native', 'auto', 'zstd')
SETTINGS
    max_block_size = 8192,
    min_insert_block_size_rows = 1000000,
    min_insert_block_size_bytes = 67108864,
    max_execution_time = 0

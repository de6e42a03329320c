-- Dataset rows, once by the hash of their content.
CREATE TABLE IF NOT EXISTS dataset_rows
(
    project LowCardinality(String),
    row_id  FixedString(16),
    at      DateTime64(6, 'UTC'),
    body    String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (project, row_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1

-- A dataset version: its rows in order.
CREATE TABLE IF NOT EXISTS dataset_versions
(
    project     LowCardinality(String),
    dataset     String,
    version     String,
    at          DateTime64(6, 'UTC'),
    author      String,
    note        String,
    description String,
    deleted     Bool,
    row_ids     Array(FixedString(16)) CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (project, dataset, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1

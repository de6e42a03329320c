-- Everything that people edit: append-only, the newest version of (kind, project, id) holds.
CREATE TABLE IF NOT EXISTS documents
(
    kind       LowCardinality(String),
    project    LowCardinality(String),
    id         String,
    version    UInt64,
    at         DateTime64(6, 'UTC'),
    author     String,
    deleted    Bool,
    body       String CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (kind, project, id, version)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1

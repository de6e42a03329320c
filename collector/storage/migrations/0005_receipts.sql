-- One row for each request whose rows are all stored; its digest makes a repeat harmless.
CREATE TABLE IF NOT EXISTS receipts
(
    digest      FixedString(16),
    signal      LowCardinality(String),
    n_items     UInt64,
    n_rejected  UInt64,
    message     String,
    instance_id String,
    batch       UInt64,
    received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(received_at)
ORDER BY digest
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1

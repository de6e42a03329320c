-- Requests of which rows were removed on purpose (a newer copy, an age, a delete), so that
-- the ledger does not miss them. Kept as long as receipts are.
CREATE TABLE IF NOT EXISTS removals
(
    digest FixedString(16),
    why    LowCardinality(String),
    at     DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(at)
ORDER BY digest
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1

-- The life of evaluation runs: started, alive, finished.
CREATE TABLE IF NOT EXISTS evaluation_events
(
    project         LowCardinality(String),
    evaluation_id   String CODEC(ZSTD(1)),
    ts              DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    event           LowCardinality(String),
    name            String CODEC(ZSTD(1)),
    display_name    String CODEC(ZSTD(1)),
    model           String CODEC(ZSTD(1)),
    dataset         String CODEC(ZSTD(1)),
    dataset_version String CODEC(ZSTD(1)),
    scorers         Array(String) CODEC(ZSTD(1)),
    n_planned       Nullable(UInt64),
    status          LowCardinality(String),
    error           String CODEC(ZSTD(1)),
    metadata        Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    digest          FixedString(16) CODEC(ZSTD(1)),
    received_at     DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (project, evaluation_id, ts)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1

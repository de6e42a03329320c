-- Scores: every version is a row; reads take the newest by (score_id, version_ns).
CREATE TABLE IF NOT EXISTS scores
(
    project       LowCardinality(String),
    name          LowCardinality(String),
    ts            DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    score_id      FixedString(16) CODEC(ZSTD(1)),
    version_ns    UInt64 CODEC(ZSTD(1)),
    trace_id      FixedString(16) CODEC(ZSTD(1)),
    span_id       FixedString(8) CODEC(ZSTD(1)),
    evaluation_id String CODEC(ZSTD(1)),
    example_id    String CODEC(ZSTD(1)),
    trial         Nullable(UInt32) CODEC(ZSTD(1)),
    type          LowCardinality(String),
    value         Nullable(Float64) CODEC(ZSTD(1)),
    label         String CODEC(ZSTD(1)),
    explanation   String CODEC(ZSTD(1)),
    source        LowCardinality(String),
    author        LowCardinality(String),
    repeat        UInt32 CODEC(ZSTD(1)),
    metadata      Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    error         String CODEC(ZSTD(1)),
    deleted       Bool,
    digest        FixedString(16) CODEC(ZSTD(1)),
    received_at   DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX evaluation_id_bloom evaluation_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (project, name, ts)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1

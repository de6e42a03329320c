-- Other log records, kept as they came; content in them is joined to its span at read.
CREATE TABLE IF NOT EXISTS events
(
    project         LowCardinality(String),
    ts              DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    trace_id        FixedString(16) CODEC(ZSTD(1)),
    span_id         FixedString(8) CODEC(ZSTD(1)),
    name            LowCardinality(String),
    severity        LowCardinality(String),
    body            String CODEC(ZSTD(1)),
    attributes      Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    digest          FixedString(16) CODEC(ZSTD(1)),
    received_at     DateTime64(3, 'UTC'),
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY if(ts >= '2020-01-01 00:00:00' AND ts < '2070-01-01 00:00:00', toYYYYMMDD(ts), 0)
ORDER BY (project, ts)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1

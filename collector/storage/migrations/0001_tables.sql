-- The tables of the store; the same text on chDB and on a ClickHouse server.
-- {…} are identifiers and engines, put in by migrate.py; values are never put in here.

-- Spans: wide immutable rows, one a span. Lists never read the payload columns
-- (input, output, expected, attributes, resource, events, links).
CREATE TABLE spans
(
    project               LowCardinality(String),
    ts                    DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    duration_ns           UInt64 CODEC(ZSTD(1)),
    trace_id              FixedString(16) CODEC(ZSTD(1)),
    span_id               FixedString(8) CODEC(NONE),
    parent_span_id        FixedString(8) CODEC(ZSTD(1)),
    is_entry              Bool,
    name                  LowCardinality(String),
    kind                  LowCardinality(String),
    span_kind             LowCardinality(String),
    status                LowCardinality(String),
    status_message        String CODEC(ZSTD(1)),
    error_type            LowCardinality(String),
    operation             LowCardinality(String),
    provider              LowCardinality(String),
    model                 LowCardinality(String),
    usage_counts          Bool,
    input_tokens          Nullable(UInt64) CODEC(ZSTD(1)),
    output_tokens         Nullable(UInt64) CODEC(ZSTD(1)),
    cache_read_tokens     Nullable(UInt64) CODEC(ZSTD(1)),
    cost_usd              Nullable(Float64) CODEC(ZSTD(1)),
    sender_cost_usd       Nullable(Float64) CODEC(ZSTD(1)),
    time_to_first_token_ns Nullable(UInt64) CODEC(ZSTD(1)),
    user_id               String CODEC(ZSTD(1)),
    session_id            String CODEC(ZSTD(1)),
    tags                  Array(LowCardinality(String)) CODEC(ZSTD(1)),
    metadata              Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    environment           LowCardinality(String),
    release               LowCardinality(String),
    service               LowCardinality(String),
    prompt_name           LowCardinality(String),
    prompt_version        LowCardinality(String),
    evaluation_id         String CODEC(ZSTD(1)),
    example_id            String CODEC(ZSTD(1)),
    trial                 Nullable(UInt32) CODEC(ZSTD(1)),
    input_preview         String CODEC(ZSTD(1)),
    output_preview        String CODEC(ZSTD(1)),
    input                 String CODEC(ZSTD(1)),
    output                String CODEC(ZSTD(1)),
    expected              String CODEC(ZSTD(1)),
    attributes            Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    attribute_types       Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    resource              Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    scope_name            LowCardinality(String),
    scope_version         LowCardinality(String),
    events                String CODEC(ZSTD(1)),
    links                 String CODEC(ZSTD(1)),
    digest                FixedString(16) CODEC(ZSTD(1)),
    received_at           DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX evaluation_id_bloom evaluation_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX metadata_bloom mapValues(metadata) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX attributes_bloom mapValues(attributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX digest_bloom digest TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(ts)
ORDER BY (project, ts)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Scores: every version is a row; reads take the newest by (score_id, version_ns).
CREATE TABLE scores
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
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The life of evaluation runs: started, alive, finished.
CREATE TABLE evaluation_events
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
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Other log records, kept as they came; content in them is joined to its span at read.
CREATE TABLE events
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
PARTITION BY toYYYYMMDD(ts)
ORDER BY (project, ts)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- One row for each request whose rows are all stored; its digest makes a repeat harmless.
CREATE TABLE receipts
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
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Everything that people edit: append-only, the newest version of (kind, project, id) holds.
CREATE TABLE documents
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
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Dataset rows, once by the hash of their content.
CREATE TABLE dataset_rows
(
    project LowCardinality(String),
    row_id  FixedString(16),
    at      DateTime64(6, 'UTC'),
    body    String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (project, row_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- A dataset version: its rows in order.
CREATE TABLE dataset_versions
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
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What a million tokens cost; the dictionary over it prices spans as they are inserted.
CREATE TABLE prices
(
    provider                String,
    model                   String,
    first_day               Date,
    last_day                Date,
    input_usd_per_mtok      Nullable(Float64),
    output_usd_per_mtok     Nullable(Float64),
    cache_read_usd_per_mtok Nullable(Float64),
    source                  String,
    at                      DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY (provider, model, first_day);

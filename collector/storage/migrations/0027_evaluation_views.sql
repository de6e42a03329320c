-- Named views of a run, as its own texts: event `view`. Lists do not read their content.
ALTER TABLE evaluation_events
    ADD COLUMN IF NOT EXISTS view String CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS media_type LowCardinality(String),
    ADD COLUMN IF NOT EXISTS content String CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS view_metadata String CODEC(ZSTD(1))

-- The types of a run's metadata that are no text, by the wire's names.
ALTER TABLE evaluation_events
    ADD COLUMN IF NOT EXISTS metadata_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1))

-- The types of metadata that are no text, by the wire's names, and the least and the most
-- that a number can be, as its scorer says.
ALTER TABLE scores
    ADD COLUMN IF NOT EXISTS metadata_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS scale_low Nullable(Float64) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS scale_high Nullable(Float64) CODEC(ZSTD(1))

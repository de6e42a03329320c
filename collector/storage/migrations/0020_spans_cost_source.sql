-- Which price list, of which version, a span's cost was reckoned by.
ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS cost_source LowCardinality(String)

-- Finds the rows that a request brought, to see and delete what a cut-off store left.
ALTER TABLE events
    ADD INDEX IF NOT EXISTS digest_bloom digest TYPE bloom_filter(0.001) GRANULARITY 1

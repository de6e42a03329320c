-- What a sender says of itself with each request: the ledger compares it with what is stored.
ALTER TABLE receipts
    ADD COLUMN IF NOT EXISTS project LowCardinality(String),
    ADD COLUMN IF NOT EXISTS service LowCardinality(String),
    ADD COLUMN IF NOT EXISTS sent_before UInt64

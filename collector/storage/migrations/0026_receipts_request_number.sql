-- The number of the request that was stored: a digest with two of them was stored by two
-- collectors at the same moment.
ALTER TABLE receipts
    ADD COLUMN IF NOT EXISTS request_number UInt64 CODEC(ZSTD(1))

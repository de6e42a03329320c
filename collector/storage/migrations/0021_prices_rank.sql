-- 1 for prices from a file of the user, which go before all others of their model.
ALTER TABLE prices
    ADD COLUMN IF NOT EXISTS rank UInt8

-- Which of the collectors' requests brought a row: of a request that two collectors stored at
-- the same moment, one's rows stay and the other's can be told and deleted.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS request_number UInt64 CODEC(ZSTD(1))

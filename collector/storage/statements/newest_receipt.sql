-- The day of the newest receipt, but for those of a clock that was ahead; 1970 if there is
-- none.
SELECT toDate(maxIf(received_at, received_at <= now() + INTERVAL 1 DAY))
FROM receipts

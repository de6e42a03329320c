-- The day of the newest receipt; 1970 if there is none.
SELECT toDate(max(received_at))
FROM receipts

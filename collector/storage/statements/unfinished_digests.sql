-- Digests of rows without a receipt. They cannot be older than the last receipt by more
-- than a request may wait, so only the newest part of the table is read.
SELECT DISTINCT digest
FROM {table}
WHERE received_at >= (
        SELECT max(received_at) - toIntervalSecond({{limit_s:UInt32}}) FROM receipts
    )
    AND digest NOT IN (SELECT digest FROM receipts)

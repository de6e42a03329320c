-- Digests of rows without a receipt. They cannot be older than the end of the last work by
-- more than a request may wait, so only the newest part of the table is read.
SELECT DISTINCT digest
FROM {table}
WHERE received_at >= fromUnixTimestamp64Milli({{since_ms:Int64}}, 'UTC')
    AND digest NOT IN (SELECT digest FROM receipts)

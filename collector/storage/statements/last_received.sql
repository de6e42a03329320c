-- When the last stored request came.
SELECT toUnixTimestamp64Milli(max(received_at)) FROM receipts

-- How many rows has a table, and when did the last of them come? In milliseconds since 1970.
SELECT
    count(),
    toInt64(toUnixTimestamp64Milli(max(received_at)))
FROM {table}

-- When did the spans begin that came in a window? By the minmax index; zeros if none came.
SELECT
    toUnixTimestamp64Nano(min(ts)),
    toUnixTimestamp64Nano(max(ts)),
    count()
FROM spans
WHERE received_at > fromUnixTimestamp64Milli({after_ms:Int64}, 'UTC')
    AND received_at <= fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC')

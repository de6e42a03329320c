-- Where does a window of at most so many spans end that begins after a moment? 0 if
-- nothing came since.
SELECT toInt64(toUnixTimestamp64Milli(max(received_at)))
FROM
(
    SELECT received_at
    FROM spans
    WHERE received_at > fromUnixTimestamp64Milli({after_ms:Int64}, 'UTC')
    ORDER BY received_at
    LIMIT {most:UInt64}
)

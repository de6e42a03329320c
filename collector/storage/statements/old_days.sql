-- Days of a table that are over; partition 0, which is no day, is not among them.
SELECT DISTINCT toUInt32OrZero(partition_id) AS day
FROM system.parts
WHERE database = currentDatabase()
    AND table = {table:String}
    AND active
    AND day >= {first:UInt32}
    AND day < {end:UInt32}
ORDER BY day

-- Puts on record how far a work has come, at most to now.
INSERT INTO watermarks (name, at)
SELECT
    {name:String},
    least(fromUnixTimestamp64Milli({at_ms:Int64}, 'UTC'), now64(3, 'UTC'))

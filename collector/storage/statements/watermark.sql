-- How far has a work come? 0 if it was never begun.
SELECT toInt64(toUnixTimestamp64Milli(max(at)))
FROM watermarks
WHERE name = {name:String}

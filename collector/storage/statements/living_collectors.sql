-- Collectors that said lately that they live.
SELECT DISTINCT id
FROM collectors
WHERE at >= now64(3) - toIntervalSecond({dead_after_s:UInt32})

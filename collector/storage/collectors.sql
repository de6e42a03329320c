-- Which collectors live: each says so every few seconds, by the server's clock.
CREATE TABLE IF NOT EXISTS collectors
(
    id UInt32,
    at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(at)
ORDER BY id
TTL toDateTime(at) + INTERVAL 1 DAY

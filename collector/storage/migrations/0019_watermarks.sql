-- How far the work in the background has come; the greatest moment of a name holds.
CREATE TABLE IF NOT EXISTS watermarks
(
    name String,
    at   DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(at)
ORDER BY name

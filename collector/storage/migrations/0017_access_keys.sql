-- Who may come in. What happens to a key is a row of its own (created, revoked, used), so that
-- collectors which write at the same time lose nothing. Of a secret only its digest is here.
CREATE TABLE IF NOT EXISTS access_keys
(
    id            String,
    event         LowCardinality(String),
    at            DateTime64(3, 'UTC'),
    author        String,
    name          String,
    secret_digest FixedString(32),
    scopes        Array(LowCardinality(String)),
    project       String,
    expires       Nullable(DateTime64(3, 'UTC'))
)
ENGINE = MergeTree
ORDER BY (id, event, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1

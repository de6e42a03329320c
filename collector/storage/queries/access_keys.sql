-- Which keys are there, and what became of them? Newest first; revoked ones too.
-- Key: reads all of a small table: a row a key, one when it is revoked, one a day of use.
SELECT
    access_keys.id AS id,
    anyIf(access_keys.name, access_keys.event = 'created') AS name,
    lower(hex(anyIf(access_keys.secret_digest, access_keys.event = 'created'))) AS secret_digest,
    anyIf(access_keys.scopes, access_keys.event = 'created') AS scopes,
    anyIf(access_keys.project, access_keys.event = 'created') AS project,
    minIf(access_keys.at, access_keys.event = 'created') AS created,
    anyIf(access_keys.author, access_keys.event = 'created') AS created_by,
    anyIf(access_keys.expires, access_keys.event = 'created') AS expires,
    minOrNullIf(access_keys.at, access_keys.event = 'revoked') AS revoked,
    maxOrNullIf(access_keys.at, access_keys.event = 'used') AS last_used
FROM access_keys
GROUP BY access_keys.id
HAVING countIf(access_keys.event = 'created') > 0
ORDER BY created DESC, id
LIMIT {limit:UInt32}

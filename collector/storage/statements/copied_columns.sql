-- The columns of a table that hold what was stored.
SELECT name
FROM system.columns
WHERE database = currentDatabase()
    AND table = {table:String}
    AND default_kind NOT IN ('ALIAS', 'MATERIALIZED', 'EPHEMERAL')
ORDER BY name

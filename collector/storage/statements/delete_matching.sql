-- Deletes the rows of a table that a condition of ours names. On a full disk the engine
-- would wait for ever.
DELETE FROM {table} {within}
WHERE {condition}
SETTINGS max_execution_time = {limit_s}

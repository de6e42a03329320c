-- Rows of requests that were not stored to the end; found by the index on digest. On a full
-- disk the engine would wait for ever.
DELETE FROM {table}
WHERE digest IN (SELECT toFixedString(unhex(arrayJoin({{digests:Array(String)}})), 16))
SETTINGS max_execution_time = 20

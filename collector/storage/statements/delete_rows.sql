-- Rows of requests that were not stored to the end; found by the index on digest.
DELETE FROM {table}
WHERE digest IN (SELECT toFixedString(unhex(arrayJoin({{digests:Array(String)}})), 16))

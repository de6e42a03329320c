-- How many rows each copy of these requests brought; by the index on digest.
SELECT digest, request_number, count()
FROM {table}
WHERE digest IN (SELECT toFixedString(unhex(arrayJoin({{digests:Array(String)}})), 16))
GROUP BY digest, request_number

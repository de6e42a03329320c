-- Which of these requests have rows already, and by which number; by the index on digest,
-- within the days for which a request may be repeated.
SELECT DISTINCT digest, request_number
FROM {table}
WHERE digest IN (SELECT toFixedString(unhex(arrayJoin({{digests:Array(String)}})), 16))
    AND received_at >= now() - toIntervalDay({{days:UInt32}})

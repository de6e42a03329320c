-- Which of these requests were stored by more than one collector; by the table's key.
SELECT digest, any(signal)
FROM receipts
WHERE digest IN (SELECT toFixedString(unhex(arrayJoin({digests:Array(String)})), 16))
GROUP BY digest
HAVING uniqExact(request_number) > 1

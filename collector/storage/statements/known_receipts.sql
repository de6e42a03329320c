-- Which requests are stored already; by the table's key.
SELECT
    lower(hex(digest)),
    any(n_items),
    any(n_rejected),
    any(message)
FROM receipts
WHERE digest IN (SELECT toFixedString(unhex(arrayJoin({digests:Array(String)})), 16))
GROUP BY digest

-- What became of the spans of requests that were just inserted.
SELECT
    request_number,
    sum(n_items),
    sum(n_rejected),
    sum(n_nested),
    any(instance_id),
    any(batch)
FROM request_facts
WHERE request_number IN {numbers:Array(UInt64)}
GROUP BY request_number

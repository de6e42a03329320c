-- What became of the spans of requests that were just inserted.
SELECT
    request_number,
    sum(n_items),
    sum(n_rejected),
    sum(n_nested),
    any(instance_id),
    any(batch),
    any(sent_before),
    any(project),
    any(service)
FROM request_facts
WHERE request_number IN {numbers:Array(UInt64)}
GROUP BY request_number

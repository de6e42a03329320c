-- Which log records belong to this trace?
-- Key: the bloom on trace_id.
SELECT
    lower(hex(events.span_id)) AS span_id,
    toUnixTimestamp64Nano(events.ts) AS time_ns,
    events.name AS name,
    events.body AS body,
    events.attributes AS attributes,
    events.attribute_types AS attribute_types
FROM events
WHERE $scope AND events.trace_id = toFixedString(unhex({trace_id:String}), 16)
ORDER BY events.ts
LIMIT {limit:UInt32}

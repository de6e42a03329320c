-- Which log records belong to this span?
-- Key: the bloom on trace_id.
SELECT
    toUnixTimestamp64Nano(events.ts) AS time_ns,
    events.name AS name,
    events.body AS body,
    events.attributes AS attributes,
    events.attribute_types AS attribute_types
FROM events
WHERE $scope AND events.trace_id = toFixedString(unhex({trace_id:String}), 16)
    AND events.span_id = toFixedString(unhex({span_id:String}), 8)
ORDER BY events.ts
LIMIT {limit:UInt32}

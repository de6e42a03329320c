-- Which log records belong to these spans?
-- Key: the window and the bloom on trace_id.
SELECT
    lower(hex(events.trace_id)) AS trace_id,
    lower(hex(events.span_id)) AS span_id,
    toUnixTimestamp64Nano(events.ts) AS time_ns,
    events.name AS name,
    events.body AS body,
    events.attributes AS attributes,
    events.attribute_types AS attribute_types
FROM events
WHERE $scope
    AND events.trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
    AND events.span_id IN (SELECT toFixedString(unhex(arrayJoin({span_ids:Array(String)})), 8))
ORDER BY events.ts
LIMIT 200 BY events.trace_id, events.span_id
LIMIT 5000

-- What was said in these traces' spans, as far as log records tell it?
-- Key: the window and the bloom on trace_id; long bodies are left to the page of the trace.
SELECT
    lower(hex(events.trace_id)) AS trace_id,
    lower(hex(events.span_id)) AS span_id,
    events.name AS name,
    events.body AS body,
    events.attributes AS attributes,
    events.attribute_types AS attribute_types
FROM events
WHERE $scope
    AND events.trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
    AND events.name IN {names:Array(String)}
    AND length(events.body) < 100000
ORDER BY events.ts
LIMIT 20 BY events.trace_id, events.span_id
LIMIT 2000

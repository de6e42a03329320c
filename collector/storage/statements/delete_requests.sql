-- What single requests brought, by digest (which the index finds) and number.
DELETE FROM {table}
WHERE digest IN (SELECT toFixedString(unhex(arrayJoin({{digests:Array(String)}})), 16))
    AND request_number IN (SELECT arrayJoin({{numbers:Array(UInt64)}}))
SETTINGS max_execution_time = 20

-- A score of one of five names for every trace, over the same 7 days.
INSERT INTO scores (project, name, ts, score_id, version_ns, trace_id, type, value, source, author, digest, received_at)
WITH
    {begin_ns:Int64} + toInt64(number * 7 * 86400 * 1e9 / {traces:UInt64}) AS at_ns
SELECT
    concat('project-', toString(number % 5)),
    concat('metric_', toString(intDiv(number, 5) % 5)),
    fromUnixTimestamp64Nano(at_ns, 'UTC'),
    MD5(concat('score', toString(number))),
    toUInt64(at_ns),
    MD5(concat('trace', toString(number))),
    'number',
    cityHash64(number) % 1000 / 1000.,
    'code',
    'bench',
    MD5('bench'),
    fromUnixTimestamp64Milli(intDiv(at_ns, 1000000), 'UTC')
FROM numbers({traces:UInt64})

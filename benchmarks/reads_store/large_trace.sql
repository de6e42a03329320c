-- One trace of {count} spans below one root.
INSERT INTO spans
(
    project, ts, duration_ns, trace_id, span_id, parent_span_id, is_entry, name, kind, span_kind,
    status, operation, usage_counts, input_preview, output_preview, input, output, attributes,
    resource, events, links, digest, received_at
)
WITH
    number AS n,
    concat('"', bench_text(n, 3), '"') AS input,
    {begin_ns:Int64} + n * 1000000 AS at_ns
SELECT
    'project-0',
    fromUnixTimestamp64Nano(at_ns, 'UTC'),
    if(n = 0, {count:UInt64} * 1000000, 900000),
    MD5('large'),
    toFixedString(substring(MD5(concat('large', toString(n))), 1, 8), 8),
    toFixedString(if(n = 0, '', substring(MD5(concat('large', toString(if(n % 10 = 1, 0, n - 1)))), 1, 8)), 8),
    n = 0,
    concat('step_', toString(n % 40)),
    if(n = 0, 'agent', 'tool'),
    'internal',
    'ok',
    'execute_tool',
    false,
    trim(BOTH '"' FROM input),
    trim(BOTH '"' FROM input),
    input,
    input,
    map('app.step', toString(n), 'server.address', 'api.example.org'),
    map('service.name', 'service-0'),
    '[]',
    '[]',
    MD5('bench'),
    fromUnixTimestamp64Milli(intDiv(at_ns, 1000000) + 2000, 'UTC')
FROM numbers({count:UInt64})

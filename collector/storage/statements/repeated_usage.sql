-- Which calls that count say the same usage as one call right below them, or as all of them
-- together? Only traces are looked at of which a call came in the window, and only spans that
-- begin in the time given. What is below need not count itself: it may repeat what is below it.
WITH
calls AS
(
    SELECT
        project,
        trace_id,
        span_id,
        kind,
        digest,
        (ifNull(input_tokens, 0), ifNull(output_tokens, 0)) AS used
    FROM spans
    WHERE usage_counts
        AND ts >= fromUnixTimestamp64Nano({first_ns:Int64}, 'UTC')
        AND ts <= fromUnixTimestamp64Nano({last_ns:Int64}, 'UTC')
        AND used != (0, 0)
        AND (project, trace_id) IN
        (
            SELECT project, trace_id
            FROM spans
            WHERE received_at > fromUnixTimestamp64Milli({after_ms:Int64}, 'UTC')
                AND received_at <= fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC')
                AND kind IN ('llm', 'embedding', 'reranker')
        )
),
below AS
(
    SELECT
        project,
        trace_id,
        parent_span_id,
        kind,
        (ifNull(input_tokens, 0), ifNull(output_tokens, 0)) AS used
    FROM spans
    WHERE kind IN ('llm', 'embedding', 'reranker')
        AND span_kind != 'server'
        AND span_id != parent_span_id
        AND ts >= fromUnixTimestamp64Nano({first_ns:Int64}, 'UTC')
        AND ts <= fromUnixTimestamp64Nano({last_ns:Int64}, 'UTC')
        AND used != (0, 0)
        AND (project, trace_id, parent_span_id) IN
        (
            SELECT project, trace_id, span_id
            FROM calls
        )
    LIMIT 1 BY project, trace_id, span_id
)
SELECT DISTINCT
    lower(hex(concat(calls.trace_id, calls.span_id, calls.digest))) AS row_key,
    calls.project AS project
FROM calls
INNER JOIN
(
    SELECT
        project,
        trace_id,
        parent_span_id,
        kind,
        groupArray(used) AS each_used,
        (sum(used.1), sum(used.2)) AS all_used
    FROM below
    GROUP BY project, trace_id, parent_span_id, kind
) AS sums
    ON sums.project = calls.project
    AND sums.trace_id = calls.trace_id
    AND sums.parent_span_id = calls.span_id
    AND sums.kind = calls.kind
WHERE has(sums.each_used, calls.used) OR calls.used = sums.all_used

-- What are these sessions? Each is made of whole traces: of those with a span that names it.
-- Its user is that of the latest trace that has one. What an entry span lacks of words is
-- that of the first span that has it, as in the list of traces.
-- Key: (project, ts) bounds the window; the blooms on session_id and trace_id.
WITH arrayZip({of_projects:Array(String)}, {session_ids:Array(String)}) AS wanted
SELECT
    traces.project AS project,
    traces.session_id AS session_id,
    nullIf(argMaxIf(traces.user_id, traces.first, traces.user_id != ''), '') AS user_id,
    toDateTime64(min(traces.first), 6, 'UTC') AS start,
    toUnixTimestamp64Nano(min(traces.first)) AS start_ns,
    toDateTime64(max(traces.last), 6, 'UTC') AS last,
    toUnixTimestamp64Nano(max(traces.last)) AS last_ns,
    count() AS n_traces,
    countIf(traces.failed) AS n_errors,
    (last_ns - start_ns) / 1e6 AS duration_ms,
    quantile(0.5)(traces.duration_ns) / 1e6 AS latency_p50_ms,
    quantile(0.95)(traces.duration_ns) / 1e6 AS latency_p95_ms,
    sum(traces.input_tokens) AS input_tokens,
    sum(traces.output_tokens) AS output_tokens,
    sum(traces.cost_usd) AS cost_usd,
    lower(hex(argMin(traces.trace_id, traces.first))) AS first_trace_id,
    nullIf(argMin(traces.input_preview, traces.first), '') AS input_preview,
    nullIf(argMax(traces.output_preview, traces.first), '') AS output_preview
FROM
(
    SELECT
        spans.project AS project,
        spans.trace_id AS trace_id,
        max(spans.session_id) AS session_id,
        max(spans.user_id) AS user_id,
        min(spans.ts) AS first,
        max(spans.ts + toIntervalNanosecond(spans.duration_ns)) AS last,
        argMin(spans.duration_ns, (NOT spans.is_entry, spans.ts)) AS duration_ns,
        max(spans.is_entry AND spans.status = 'error') AS failed,
        sumIf(spans.input_tokens, spans.usage_counts) AS input_tokens,
        sumIf(spans.output_tokens, spans.usage_counts) AS output_tokens,
        sumIf(spans.cost_usd, spans.usage_counts) AS cost_usd,
        argMinIf(spans.input_preview, (NOT spans.is_entry, spans.ts), spans.input_preview != '') AS input_preview,
        argMinIf(spans.output_preview, (NOT spans.is_entry, spans.ts), spans.output_preview != '') AS some_output,
        if(failed, argMin(spans.output_preview, (NOT spans.is_entry, spans.ts)), some_output) AS output_preview
    FROM spans
    WHERE $scope
        AND spans.trace_id IN
        (
            SELECT spans.trace_id
            FROM spans
            WHERE spans.session_id IN {session_ids:Array(String)} AND $scope
        )
    GROUP BY spans.project, spans.trace_id
) AS traces
WHERE has(wanted, (traces.project, traces.session_id))
GROUP BY
    traces.project,
    traces.session_id
ORDER BY indexOf(wanted, (traces.project, traces.session_id))
LIMIT 1000

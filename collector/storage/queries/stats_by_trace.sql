-- How many calls (entry spans), how slow, and what did all their spans use, by time and a
-- value of the entry span? Usage is added up by trace and joined to the entry span; ids as
-- whole numbers: the engine groups and joins fixed strings more slowly.
-- Key: (project, ts) bounds the window.
WITH quantilesTDigest(0.5, 0.95, 0.99)(calls.duration_ns) AS percentiles
SELECT
    any(calls.bucket) AS bucket,
    toUnixTimestamp(bucket) * 1000000000 AS bucket_ns,
    any(calls.group) AS group,
    count() AS n_calls,
    countIf(calls.status = 'error') AS n_errors,
    percentiles[1] / 1e6 AS p50_ms,
    percentiles[2] / 1e6 AS p95_ms,
    percentiles[3] / 1e6 AS p99_ms,
    sum(usage.input_tokens) AS input_tokens,
    sum(usage.output_tokens) AS output_tokens,
    sum(usage.cost_usd) AS cost_usd
FROM
(
    SELECT
        reinterpretAsUInt128(spans.trace_id) AS trace_id,
        spans.status AS status,
        spans.duration_ns AS duration_ns,
        $bucket AS bucket,
        $group AS group
    FROM spans
    WHERE $scope AND $where AND spans.is_entry
) AS calls
LEFT JOIN
(
    SELECT
        reinterpretAsUInt128(spans.trace_id) AS trace_id,
        sum(spans.input_tokens) AS input_tokens,
        sum(spans.output_tokens) AS output_tokens,
        sum(spans.cost_usd) AS cost_usd
    FROM spans
    WHERE $scope AND spans.usage_counts
    GROUP BY trace_id
) AS usage ON usage.trace_id = calls.trace_id
$of_calls
ORDER BY bucket, n_calls DESC, group
LIMIT {limit:UInt32}

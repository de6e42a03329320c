-- How many calls (entry spans), how slow, and what did all their spans use, by time and a
-- group that every span of a call shares?
-- Key: (project, ts) bounds the window; the projection `hourly` answers both halves alone
-- where the window is whole hours and only its columns are asked for.
SELECT
    halves.bucket AS bucket,
    toUnixTimestamp(bucket) * 1000000000 AS bucket_ns,
    halves.group AS group,
    sum(halves.n_calls) AS n_calls,
    sum(halves.n_errors) AS n_errors,
    if(n_calls = 0, NULL, max(halves.percentiles[1])) / 1e6 AS p50_ms,
    if(n_calls = 0, NULL, max(halves.percentiles[2])) / 1e6 AS p95_ms,
    if(n_calls = 0, NULL, max(halves.percentiles[3])) / 1e6 AS p99_ms,
    sum(halves.input_tokens) AS input_tokens,
    sum(halves.output_tokens) AS output_tokens,
    sum(halves.cost_usd) AS cost_usd
FROM
(
    SELECT
        $bucket AS bucket,
        $group AS group,
        count() AS n_calls,
        countIf(spans.status = 'error') AS n_errors,
        quantilesTDigest(0.5, 0.95, 0.99)(spans.duration_ns) AS percentiles,
        NULL AS input_tokens,
        NULL AS output_tokens,
        NULL AS cost_usd
    FROM spans
    WHERE $scope AND $where AND spans.is_entry
    $grouping
    UNION ALL
    SELECT
        $bucket AS bucket,
        $group AS group,
        0 AS n_calls,
        0 AS n_errors,
        [] AS percentiles,
        sumIf(spans.input_tokens, spans.usage_counts) AS input_tokens,
        sumIf(spans.output_tokens, spans.usage_counts) AS output_tokens,
        sumIf(spans.cost_usd, spans.usage_counts) AS cost_usd
    FROM spans
    WHERE $scope AND $where
    $grouping
) AS halves
GROUP BY halves.bucket, halves.group
ORDER BY bucket, n_calls DESC, group
LIMIT {limit:UInt32}

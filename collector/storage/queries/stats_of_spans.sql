-- How many spans, how slow, how costly, by time and group? Every span counts for itself:
-- all of them, or ($counted) only those whose usage counts, or those whose first token was
-- timed; $took is what their percentiles are of.
-- Key: (project, ts) bounds the window; the projection `hourly` answers alone where the
-- window is whole hours and only its columns are asked for.
WITH quantilesTDigest(0.5, 0.95, 0.99)($took) AS percentiles
SELECT
    $bucket AS bucket,
    toUnixTimestamp(bucket) * 1000000000 AS bucket_ns,
    $group AS group,
    count() AS n_calls,
    countIf(spans.status = 'error') AS n_errors,
    percentiles[1] / 1e6 AS p50_ms,
    percentiles[2] / 1e6 AS p95_ms,
    percentiles[3] / 1e6 AS p99_ms,
    sumIf(spans.input_tokens, spans.usage_counts) AS input_tokens,
    sumIf(spans.output_tokens, spans.usage_counts) AS output_tokens,
    sumIf(spans.cost_usd, spans.usage_counts) AS cost_usd
FROM spans
WHERE $scope AND $where AND $counted
$grouping
ORDER BY bucket, n_calls DESC, group
LIMIT {limit:UInt32}

-- What did each example of a run take, trial by trial: time, tokens, cost? What judges
-- used is left out. A prediction counts once, however often it was sent or attempted: the
-- last attempt that ended well. A duration of 0 is one that nobody knows.
-- Key: (project, ts) from the run's start on, then the bloom on evaluation_id.
WITH RECURSIVE
$judging
SELECT
    taken.example_id AS example_id,
    arraySort(one -> (one.1, one.7), groupArray((
        taken.trial,
        taken.failed,
        taken.latency_ms,
        taken.input_tokens,
        taken.output_tokens,
        taken.cost_usd,
        taken.span_id
    ))) AS by_trial,
    arrayMap(one -> one.1, by_trial) AS trials,
    arrayMap(one -> one.2, by_trial) AS failed,
    arrayMap(one -> one.3, by_trial) AS latency_ms,
    arrayMap(one -> one.4, by_trial) AS input_tokens,
    arrayMap(one -> one.5, by_trial) AS output_tokens,
    arrayMap(one -> one.6, by_trial) AS cost_usd,
    arrayMap(one -> lower(hex(one.7)), by_trial) AS span_ids,
    argMin(taken.metadata, taken.ts) AS metadata,
    argMin(taken.metadata_types, taken.ts) AS metadata_types
FROM
(
    SELECT
        spans.example_id AS example_id,
        ifNull(spans.trial, 0) AS trial,
        spans.ts AS ts,
        spans.span_id AS span_id,
        toUInt8(spans.status = 'error') AS failed,
        nullIf(spans.duration_ns, 0) / 1e6 AS latency_ms,
        usage.input_tokens AS input_tokens,
        usage.output_tokens AS output_tokens,
        usage.cost_usd AS cost_usd,
        spans.metadata AS metadata,
        mapFilter((key, kind) -> startsWith(key, 'tracer.metadata.'), spans.attribute_types) AS metadata_types
    FROM
    (
        SELECT *
        FROM spans
        WHERE $scope AND $run AND spans.kind = 'prediction'
        ORDER BY
            spans.status = 'error',
            spans.ts DESC
        LIMIT 1 BY $attempt
    ) AS spans
    LEFT JOIN
    (
        SELECT
            spans.trace_id AS trace_id,
            sumIf(spans.input_tokens, spans.usage_counts) AS input_tokens,
            sumIf(spans.output_tokens, spans.usage_counts) AS output_tokens,
            sumIf(spans.cost_usd, spans.usage_counts) AS cost_usd
        FROM spans
        WHERE $scope
            AND $run
            AND (spans.trace_id, spans.span_id) NOT IN (SELECT judging.trace_id, judging.span_id FROM judging)
        GROUP BY spans.trace_id
    ) AS usage ON usage.trace_id = spans.trace_id
) AS taken
GROUP BY taken.example_id
ORDER BY min(taken.ts), taken.example_id
LIMIT {limit:UInt32}

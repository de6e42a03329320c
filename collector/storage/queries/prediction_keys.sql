-- Which predictions of a run come next, by example (first seen) and trial? Of several
-- attempts at one trial, as a run makes that goes on, the last that ended well.
-- Key: (project, ts) from the run's start on, then the bloom on evaluation_id.
SELECT
    toUnixTimestamp64Nano(spans.first_seen) AS first_seen_ns,
    spans.example_id AS example_id,
    ifNull(spans.trial, 0) AS trial_or_0,
    lower(hex(spans.span_id)) AS span_id,
    lower(hex(spans.trace_id)) AS trace_id
FROM
(
    SELECT
        spans.*,
        min(spans.ts) OVER (PARTITION BY spans.example_id) AS first_seen
    FROM spans
    WHERE $scope AND spans.evaluation_id = {id:String} AND spans.kind = 'prediction'
    ORDER BY
        spans.status = 'error',
        spans.ts DESC
    LIMIT 1 BY $attempt
) AS spans
WHERE $where AND $behind
ORDER BY spans.first_seen, example_id, trial_or_0, span_id
LIMIT {limit:UInt32}

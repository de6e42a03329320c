-- Which evaluation runs were there, and how do they stand? A run without a sign of life for
-- {silence_s} seconds that did not say that it finished is incomplete. What finished stays
-- so until it is started again: a sign of life on its way does not open it.
-- Key: (project, evaluation_id, ts); a few rows a run.
SELECT
    runs.project AS project,
    runs.id AS id,
    nullIf(runs.name, '') AS name,
    nullIf(runs.display_name, '') AS display_name,
    nullIf(runs.model, '') AS model,
    nullIf(runs.dataset, '') AS dataset,
    nullIf(runs.dataset_version, '') AS dataset_version,
    runs.status AS status,
    toDateTime64(runs.started, 6, 'UTC') AS start,
    toUnixTimestamp64Nano(runs.started) AS start_ns,
    toUnixTimestamp64Nano(runs.last) AS last_ns,
    if(runs.status IN ('done', 'failed'), toUnixTimestamp64Nano(runs.finished), NULL) AS finished_ns,
    runs.scorers AS scorers,
    runs.n_planned AS n_planned,
    runs.metadata AS metadata,
    runs.metadata_types AS metadata_types,
    nullIf(runs.error, '') AS error,
    lower(hex($id)) AS sort_id
FROM
(
    SELECT
        evaluation_events.project AS project,
        evaluation_events.evaluation_id AS id,
        argMaxIf(evaluation_events.name, ts, evaluation_events.name != '') AS name,
        argMaxIf(evaluation_events.display_name, ts, evaluation_events.display_name != '') AS display_name,
        argMaxIf(evaluation_events.model, ts, evaluation_events.model != '') AS model,
        argMaxIf(evaluation_events.dataset, ts, evaluation_events.dataset != '') AS dataset,
        argMaxIf(evaluation_events.dataset_version, ts, evaluation_events.dataset_version != '') AS dataset_version,
        argMaxIf(evaluation_events.scorers, ts, notEmpty(evaluation_events.scorers)) AS scorers,
        argMaxIf(evaluation_events.n_planned, ts, isNotNull(evaluation_events.n_planned)) AS n_planned,
        argMaxIf(evaluation_events.metadata, ts, notEmpty(evaluation_events.metadata)) AS metadata,
        argMaxIf(evaluation_events.metadata_types, ts, notEmpty(evaluation_events.metadata)) AS metadata_types,
        argMaxIf(evaluation_events.error, ts, evaluation_events.event = 'finished') AS error,
        min(ts) AS started,
        max(ts) AS last,
        maxIf(ts, evaluation_events.event = 'started') AS begun,
        maxIf(ts, evaluation_events.event = 'finished') AS finished,
        argMaxIf(evaluation_events.status, ts, evaluation_events.event = 'finished') AS said,
        max(evaluation_events.received_at) AS heard,
        multiIf(
            countIf(evaluation_events.event = 'finished') > 0 AND finished >= begun, if(said IN ('failed', 'incomplete'), said, 'done'),
            heard < now64(3) - toIntervalSecond({silence_s:UInt32}), 'incomplete',
            'running'
        ) AS status
    FROM evaluation_events
    WHERE $projects AND $one
    GROUP BY evaluation_events.project, evaluation_events.evaluation_id
) AS runs
WHERE $window AND $where AND $behind
ORDER BY $order
LIMIT {limit:UInt32}

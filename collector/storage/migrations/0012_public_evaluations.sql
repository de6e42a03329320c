-- What users' SQL sees of evaluation runs. `status` is what the run said last; only the API
-- tells that one fell silent.
CREATE VIEW IF NOT EXISTS public_v1_evaluations AS
SELECT
    project,
    evaluation_id AS id,
    argMaxIf(name, ts, name != '') AS name,
    argMaxIf(display_name, ts, display_name != '') AS display_name,
    argMaxIf(model, ts, model != '') AS model,
    argMaxIf(dataset, ts, dataset != '') AS dataset,
    argMaxIf(dataset_version, ts, dataset_version != '') AS dataset_version,
    min(ts) AS start,
    max(ts) AS last,
    if(maxIf(ts, event = 'finished') = max(ts), argMax(status, ts), 'running') AS status,
    argMaxIf(n_planned, ts, isNotNull(n_planned)) AS n_planned,
    argMaxIf(metadata, ts, notEmpty(metadata)) AS metadata,
    argMaxIf(error, ts, event = 'finished') AS error
FROM evaluation_events
GROUP BY
    project,
    evaluation_id

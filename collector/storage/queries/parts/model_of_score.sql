-- The model that was judged: the evaluation run's, else the first of the trace's.
    LEFT JOIN
    (
        SELECT
            evaluation_events.evaluation_id AS evaluation_id,
            max(evaluation_events.model) AS model
        FROM evaluation_events
        WHERE $events
        GROUP BY evaluation_events.evaluation_id
    ) AS runs ON runs.evaluation_id = newest.evaluation_id
    LEFT JOIN
    (
        SELECT
            spans.trace_id AS trace_id,
            argMin(spans.model, spans.ts) AS model
        FROM spans
        WHERE $spans AND spans.model != '' AND spans.trace_id IN (SELECT scores.trace_id FROM scores WHERE $scope)
        GROUP BY spans.trace_id
    ) AS calls ON calls.trace_id = newest.trace_id

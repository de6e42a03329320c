-- The name of the evaluation that the score belongs to.
    LEFT JOIN
    (
        SELECT
            evaluation_events.evaluation_id AS evaluation_id,
            max(evaluation_events.name) AS name
        FROM evaluation_events
        WHERE $events
        GROUP BY evaluation_events.evaluation_id
    ) AS runs ON runs.evaluation_id = newest.evaluation_id

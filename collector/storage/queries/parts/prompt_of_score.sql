-- The prompt version that was judged: the first that the trace names.
    LEFT JOIN
    (
        SELECT
            spans.trace_id AS trace_id,
            argMin(spans.prompt_version, spans.ts) AS prompt_version
        FROM spans
        WHERE $spans AND spans.prompt_version != '' AND spans.trace_id IN (SELECT scores.trace_id FROM scores WHERE $scope)
        GROUP BY spans.trace_id
    ) AS calls ON calls.trace_id = newest.trace_id

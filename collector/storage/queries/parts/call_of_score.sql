-- What the judged trace says of itself: $said is one value, or a list of several, over its
-- spans for which $present.
    LEFT JOIN
    (
        SELECT
            spans.trace_id AS trace_id,
            $said AS said
        FROM spans
        WHERE $spans AND $present AND spans.trace_id IN (SELECT scores.trace_id FROM scores WHERE $scope)
        GROUP BY spans.trace_id
    ) AS calls ON calls.trace_id = newest.trace_id

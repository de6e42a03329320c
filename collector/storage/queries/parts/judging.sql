-- Spans of the judges of the spans that $run picks: evaluators and all below them, 64 deep
-- at most. Goes behind WITH RECURSIVE; $scope bounds each step. What a step joins is read
-- apart from the join: of a Distributed table, a step that joins it never ends.
    judging AS
    (
        SELECT
            spans.trace_id AS trace_id,
            spans.span_id AS span_id,
            0 AS depth
        FROM spans
        WHERE $scope AND $run AND spans.kind = 'evaluator'
        UNION ALL
        SELECT
            spans.trace_id AS trace_id,
            spans.span_id AS span_id,
            judging.depth + 1 AS depth
        FROM
        (
            SELECT
                spans.trace_id,
                spans.span_id,
                spans.parent_span_id
            FROM spans
            WHERE $scope AND $run
        ) AS spans
        INNER JOIN judging ON spans.parent_span_id = judging.span_id AND spans.trace_id = judging.trace_id
        WHERE judging.depth < 64
    )

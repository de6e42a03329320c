-- Calls made before that the predictions of $run name by a link, each with all below it,
-- 64 deep at most: `attached` has them by prediction, once each. Goes behind WITH RECURSIVE;
-- $scope bounds the predictions, $projects the calls, which may be of any time.
    links AS
    (
        SELECT DISTINCT
            linked.evaluation_id AS evaluation_id,
            linked.span_id AS prediction,
            toFixedString(substring(unhex(JSONExtractString(linked.link, 'trace_id')), 1, 16), 16) AS trace_id,
            toFixedString(substring(unhex(JSONExtractString(linked.link, 'span_id')), 1, 8), 8) AS span_id
        FROM
        (
            SELECT
                spans.evaluation_id,
                spans.span_id,
                arrayJoin(JSONExtractArrayRaw(spans.links)) AS link
            FROM spans
            WHERE $scope AND $run AND spans.kind = 'prediction' AND position(spans.links, '"tracer.link"') > 0
        ) AS linked
        WHERE JSONExtractString(linked.link, 'attributes', 'tracer.link') = 'attached'
    ),
    calls AS
    (
        SELECT
            spans.trace_id AS trace_id,
            spans.span_id AS span_id,
            spans.parent_span_id AS parent_span_id,
            spans.is_entry AS is_entry,
            spans.kind = 'evaluator' AS is_judge,
            spans.ts AS ts,
            spans.duration_ns AS duration_ns,
            spans.model AS model,
            spans.usage_counts AS usage_counts,
            spans.input_tokens AS input_tokens,
            spans.output_tokens AS output_tokens,
            spans.cost_usd AS cost_usd
        FROM spans
        WHERE $projects AND spans.trace_id IN (SELECT links.trace_id FROM links)
        ORDER BY spans.received_at DESC
        LIMIT 1 BY spans.trace_id, spans.span_id
    ),
    below AS
    (
        SELECT
            links.evaluation_id AS evaluation_id,
            links.prediction AS prediction,
            calls.trace_id AS trace_id,
            calls.span_id AS span_id,
            calls.is_judge AS is_judged,
            0 AS depth
        FROM calls
        INNER JOIN links ON links.trace_id = calls.trace_id
        WHERE if(links.span_id = toFixedString('', 8), calls.is_entry, calls.span_id = links.span_id)
        UNION ALL
        SELECT
            below.evaluation_id AS evaluation_id,
            below.prediction AS prediction,
            calls.trace_id AS trace_id,
            calls.span_id AS span_id,
            below.is_judged OR calls.is_judge AS is_judged,
            below.depth + 1 AS depth
        FROM calls
        INNER JOIN below ON calls.parent_span_id = below.span_id AND calls.trace_id = below.trace_id
        WHERE below.depth < 64
    ),
    attached AS
    (
        SELECT
            reached.evaluation_id AS evaluation_id,
            reached.prediction AS prediction,
            argMinIf(calls.model, calls.ts, calls.model != '' AND NOT reached.is_judged) AS model,
            sumIf(calls.input_tokens, calls.usage_counts AND NOT reached.is_judged) AS input_tokens,
            sumIf(calls.output_tokens, calls.usage_counts AND NOT reached.is_judged) AS output_tokens,
            sumIf(calls.cost_usd, calls.usage_counts AND NOT reached.is_judged) AS cost_usd,
            sumIf(calls.duration_ns, reached.is_top) AS duration_ns
        FROM calls
        INNER JOIN
        (
            SELECT
                below.evaluation_id AS evaluation_id,
                below.prediction AS prediction,
                below.trace_id AS trace_id,
                below.span_id AS span_id,
                min(below.is_judged) AS is_judged,
                min(below.depth) = 0 AS is_top
            FROM below
            GROUP BY evaluation_id, prediction, trace_id, span_id
        ) AS reached ON reached.trace_id = calls.trace_id AND reached.span_id = calls.span_id
        GROUP BY reached.evaluation_id, reached.prediction
    )

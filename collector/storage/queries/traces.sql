-- What are these traces: their entry span, totals over all their spans, and ($judged, if
-- asked) their scores?
-- Entry = the span without a parent, else one whose parent is remote, else the earliest.
-- Totals count spans that start within a day of the window given; usage counts leaves.
-- What the entry span lacks of user, session, tags, metadata and previews is that of the
-- first span that has it; but one that failed answered nothing, whatever its steps did.
-- Key: (project, ts) by the window, then the bloom on trace_id.
SELECT
$span_columns,
    count() OVER trace AS n_spans,
    countIf(spans.status = 'error') OVER trace AS n_errors,
    groupUniqArrayIf(spans.model, spans.model != '') OVER trace AS models,
    sumIf(spans.input_tokens, spans.usage_counts) OVER trace AS input_tokens_total,
    sumIf(spans.output_tokens, spans.usage_counts) OVER trace AS output_tokens_total,
    sumIf(spans.cost_usd, spans.usage_counts) OVER trace AS cost_usd_total,
    $score_column AS scores
FROM
(
    SELECT * REPLACE (
        if(user_id = '', argMinIf(user_id, ts, user_id != '') OVER trace, user_id) AS user_id,
        if(session_id = '', argMinIf(session_id, ts, session_id != '') OVER trace, session_id) AS session_id,
        if(empty(tags), argMinIf(tags, ts, notEmpty(tags)) OVER trace, tags) AS tags,
        if(empty(metadata), argMinIf(attribute_types, ts, notEmpty(metadata)) OVER trace, attribute_types) AS attribute_types,
        if(empty(metadata), argMinIf(metadata, ts, notEmpty(metadata)) OVER trace, metadata) AS metadata,
        if(input_preview = '', argMinIf(input_preview, ts, input_preview != '') OVER trace, input_preview) AS input_preview,
        if(output_preview = '' AND status != 'error', argMinIf(output_preview, ts, output_preview != '') OVER trace, output_preview) AS output_preview
    )
    FROM
    (
        SELECT *
        FROM spans
        WHERE $scope
            AND spans.trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
        ORDER BY spans.received_at DESC
        LIMIT 1 BY spans.trace_id, spans.span_id
    )
    WINDOW trace AS (PARTITION BY trace_id)
) AS spans
$judged
WINDOW trace AS (PARTITION BY spans.trace_id)
ORDER BY
    indexOf({trace_ids:Array(String)}, lower(hex(spans.trace_id))),
    spans.parent_span_id != toFixedString('', 8),
    NOT spans.is_entry,
    spans.ts,
    spans.span_id
LIMIT 1 BY spans.trace_id
LIMIT 1000

-- What users' SQL sees of scores: the newest version of each that was not taken back.
CREATE VIEW IF NOT EXISTS public_v1_scores AS
SELECT
    project,
    name,
    ts AS at,
    lower(hex(score_id)) AS score_id,
    if(trace_id = toFixedString('', 16), '', lower(hex(trace_id))) AS trace_id,
    if(span_id = toFixedString('', 8), '', lower(hex(span_id))) AS span_id,
    evaluation_id,
    example_id,
    trial,
    type,
    value,
    label,
    explanation,
    source,
    author,
    repeat,
    metadata,
    error
FROM
(
    SELECT *
    FROM scores
    ORDER BY version_ns DESC
    LIMIT 1 BY score_id
) AS newest
WHERE NOT deleted

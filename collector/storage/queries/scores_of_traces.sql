-- Which scores have these traces, by name? Apart from their rows: planning one statement of
-- both took longer than two.
-- Key: the bloom on trace_id.
SELECT
    lower(hex(judged.trace_id)) AS trace_id,
    judged.scores AS scores
FROM
(
$trace_scores
) AS judged
LIMIT 1000

-- How far is each annotation queue: its items, those that are done, and the answers given,
-- of everybody and of one author? The newest version of each item counts.
-- Key: (kind, project, id, version).
SELECT
    items.project AS project,
    JSONExtractString(items.body, 'queue') AS queue,
    count() AS n_items,
    countIf(JSONExtractString(items.body, 'state') = 'done') AS n_done,
    sum(JSONLength(items.body, 'done_by')) AS n_answers,
    countIf(has(JSONExtract(items.body, 'done_by', 'Array(String)'), {author:String})) AS n_mine
FROM
(
    SELECT *
    FROM documents
    WHERE documents.kind = 'queue-item' AND $projects AND startsWith(documents.id, {prefix:String})
    ORDER BY documents.version DESC, documents.at, documents.body
    LIMIT 1 BY documents.project, documents.id
) AS items
WHERE NOT items.deleted
GROUP BY items.project, queue
ORDER BY items.project, queue
LIMIT 10000

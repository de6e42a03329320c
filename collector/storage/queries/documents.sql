-- What do people keep of this kind? The newest version of each document, the latest
-- changed first; of two writes that raced for one version the earlier holds.
-- Key: (kind, project, id, version).
SELECT
    documents.project AS project,
    documents.id AS id,
    documents.version AS version,
    documents.at AS at,
    nullIf(documents.author, '') AS author,
    documents.body AS body
FROM
(
    SELECT *
    FROM documents
    WHERE documents.kind = {kind:String} AND $projects AND $one
    ORDER BY documents.version DESC, documents.at, documents.body
    LIMIT 1 BY documents.project, documents.id
) AS documents
WHERE NOT documents.deleted AND $state AND $kinds
ORDER BY $order
LIMIT {limit:UInt32}

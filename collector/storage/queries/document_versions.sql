-- Which version of this document is the newest, and who wrote it? Deleted ones count.
-- Key: (kind, project, id, version).
SELECT
    documents.version AS version,
    documents.at AS at,
    nullIf(documents.author, '') AS author,
    documents.deleted AS deleted,
    documents.body AS body
FROM documents
WHERE documents.kind = {kind:String}
    AND documents.project = {project:String}
    AND documents.id = {id:String}
ORDER BY documents.version DESC, documents.at, documents.body
LIMIT 1

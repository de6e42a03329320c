-- Which of these documents were taken away, and by which version?
-- Key: (kind, project, id, version).
SELECT
    documents.id AS id,
    max(documents.version) AS last_version
FROM documents
WHERE documents.kind = {kind:String}
    AND documents.project = {project:String}
    AND documents.id IN {ids:Array(String)}
GROUP BY documents.id
HAVING argMax(documents.deleted, documents.version)
LIMIT {limit:UInt32}

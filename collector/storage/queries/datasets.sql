-- Which datasets are there, and what is the newest version of each?
-- Key: (project, dataset, at).
SELECT
    dataset_versions.dataset AS name,
    dataset_versions.project AS project,
    argMax(length(dataset_versions.row_ids), at) AS n_rows,
    argMax(dataset_versions.version, at) AS version,
    uniqExactIf(dataset_versions.version, NOT dataset_versions.deleted) AS n_versions,
    max(dataset_versions.at) AS changed,
    nullIf(argMax(dataset_versions.author, at), '') AS author,
    nullIf(argMaxIf(dataset_versions.description, at, dataset_versions.description != ''), '') AS description
FROM dataset_versions
WHERE $projects AND $one
GROUP BY dataset_versions.project, dataset_versions.dataset
HAVING NOT argMax(dataset_versions.deleted, at)
ORDER BY changed DESC, name
LIMIT {limit:UInt32}

-- Which versions does this dataset have, newest first?
-- Key: (project, dataset, at).
SELECT
    dataset_versions.version AS version,
    dataset_versions.at AS at,
    nullIf(dataset_versions.author, '') AS author,
    length(dataset_versions.row_ids) AS n_rows,
    nullIf(dataset_versions.note, '') AS note,
    dataset_versions.project AS project
FROM dataset_versions
WHERE $projects AND dataset_versions.dataset = {name:String} AND NOT dataset_versions.deleted
ORDER BY dataset_versions.at DESC
LIMIT {limit:UInt32}

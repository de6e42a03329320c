-- Which rows does this version name, in order?
-- Key: (project, dataset, at).
SELECT
    dataset_versions.row_ids AS row_ids
FROM dataset_versions
WHERE dataset_versions.project = {project:String}
    AND dataset_versions.dataset = {name:String}
    AND dataset_versions.version = {version:String}
    AND NOT dataset_versions.deleted
ORDER BY dataset_versions.at DESC
LIMIT 1

-- Every version of a dataset under another name, as it was saved.
INSERT INTO dataset_versions
    (project, dataset, version, at, author, note, description, deleted, row_ids)
SELECT
    dataset_versions.project,
    {to:String},
    dataset_versions.version,
    dataset_versions.at,
    dataset_versions.author,
    dataset_versions.note,
    dataset_versions.description,
    dataset_versions.deleted,
    dataset_versions.row_ids
FROM dataset_versions
WHERE dataset_versions.project = {project:String}
    AND dataset_versions.dataset = {name:String}
    AND NOT dataset_versions.deleted

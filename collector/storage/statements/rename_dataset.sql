-- Every version of a dataset under another name, as it was saved. On a cluster each goes to
-- the shard of its new name: left to themselves, shards would copy what they have.
INSERT INTO dataset_versions
    (project, dataset, version, at, author, note, description, deleted, row_ids)
SELECT
    old.project,
    {to:String},
    old.version,
    old.at,
    old.author,
    old.note,
    old.description,
    old.deleted,
    old.row_ids
FROM dataset_versions AS old
WHERE old.project = {project:String}
    AND old.dataset = {name:String}
    AND NOT old.deleted
SETTINGS parallel_distributed_insert_select = 0

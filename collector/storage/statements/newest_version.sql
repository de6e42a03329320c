-- When was the newest version of a dataset saved? In microseconds since 1970; 0 if never.
-- Key: (project, dataset, at).
SELECT toInt64(toUnixTimestamp64Micro(max(at)))
FROM dataset_versions
WHERE project = {project:String} AND dataset = {dataset:String}

-- Which rows does this version name, in order?
-- Key: (project, dataset, at).
WITH $chosen_dataset_rows
SELECT
    chosen.row_ids AS row_ids
FROM chosen
LIMIT 1

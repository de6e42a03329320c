-- What are the rows of this version, in order?
-- Keys: (project, dataset, at) for the version, (project, row_id) for its rows.
WITH $chosen_dataset_rows,
    named AS (SELECT chosen.row_ids AS row_ids FROM chosen)
SELECT
    toString(listed.row_id) AS row_id,
    stored.body AS body
FROM $placed_dataset_rows
ORDER BY listed.place
LIMIT {limit:UInt32}

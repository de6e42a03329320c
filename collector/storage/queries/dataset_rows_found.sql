-- Which rows of this version match, from one on, in order, and how many are there?
-- Keys: (project, dataset, at) for the version, (project, row_id) for its rows.
WITH $chosen_dataset_rows,
    named AS (SELECT chosen.row_ids AS row_ids FROM chosen)
SELECT
    listed.place - 1 AS place,
    stored.body AS body,
    count() OVER () AS n_matching
FROM $placed_dataset_rows
ORDER BY listed.place
LIMIT {limit:UInt32} OFFSET {offset:UInt32}

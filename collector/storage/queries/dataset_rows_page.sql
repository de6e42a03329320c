-- Which rows of this version stand from one place on, in order?
-- Keys: (project, dataset, at) for the version, (project, row_id) for its rows.
WITH $chosen_dataset_rows,
    named AS
    (
        SELECT
            arraySlice(chosen.row_ids, {offset:UInt32} + 1, {limit:UInt32}) AS row_ids
        FROM chosen
    )
SELECT
    listed.place + {offset:UInt32} - 1 AS place,
    stored.body AS body
FROM $placed_dataset_rows
ORDER BY listed.place
LIMIT {limit:UInt32}

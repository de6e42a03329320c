-- Which splits do the rows of this version name, and how many rows has each?
-- Keys: (project, dataset, at) for the version, (project, row_id) for its rows.
WITH $chosen_dataset_rows
SELECT
    stored.split AS split,
    count() AS n_rows
FROM
(
    SELECT
        arrayJoin(chosen.row_ids) AS row_id
    FROM chosen
) AS listed
INNER JOIN
(
    SELECT
        dataset_rows.row_id AS row_id,
        any(JSONExtractString(dataset_rows.body, 'metadata', 'split')) AS split
    FROM dataset_rows
    WHERE dataset_rows.project = {project:String}
        AND dataset_rows.row_id IN (SELECT arrayJoin(chosen.row_ids) FROM chosen)
    GROUP BY dataset_rows.row_id
) AS stored ON stored.row_id = listed.row_id
WHERE stored.split != ''
GROUP BY split
ORDER BY n_rows DESC, split
LIMIT {limit:UInt32}

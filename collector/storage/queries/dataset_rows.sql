-- What are the rows of this version, in order?
-- Keys: (project, dataset, at) for the version, (project, row_id) for its rows.
WITH $chosen_dataset_rows
SELECT
    toString(listed.row_id) AS row_id,
    stored.body AS body
FROM
(
    SELECT
        row_id,
        place
    FROM chosen
    ARRAY JOIN
        chosen.row_ids AS row_id,
        arrayEnumerate(chosen.row_ids) AS place
) AS listed
INNER JOIN
(
    SELECT
        dataset_rows.row_id AS row_id,
        any(dataset_rows.body) AS body
    FROM dataset_rows
    WHERE dataset_rows.project = {project:String}
        AND dataset_rows.row_id IN (SELECT arrayJoin(chosen.row_ids) FROM chosen)
    GROUP BY dataset_rows.row_id
) AS stored ON stored.row_id = listed.row_id
ORDER BY listed.place
LIMIT {limit:UInt32}

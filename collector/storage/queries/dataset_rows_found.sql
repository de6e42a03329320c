-- Which rows of this version match, from one on, in order, and how many are there?
-- Keys: (project, dataset, at) for the version, (project, row_id) for its rows.
WITH $chosen_dataset_rows
SELECT
    listed.place - 1 AS place,
    stored.body AS body,
    count() OVER () AS n_matching
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
        AND $matching
    GROUP BY dataset_rows.row_id
) AS stored ON stored.row_id = listed.row_id
ORDER BY listed.place
LIMIT {limit:UInt32} OFFSET {offset:UInt32}

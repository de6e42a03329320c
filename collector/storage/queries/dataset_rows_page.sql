-- Which rows of this version stand from one place on, in order?
-- Keys: (project, dataset, at) for the version, (project, row_id) for its rows.
WITH $chosen_dataset_rows,
    page AS
    (
        SELECT
            arraySlice(chosen.row_ids, {offset:UInt32} + 1, {limit:UInt32}) AS row_ids
        FROM chosen
    )
SELECT
    listed.place + {offset:UInt32} - 1 AS place,
    stored.body AS body
FROM
(
    SELECT
        row_id,
        place
    FROM page
    ARRAY JOIN
        page.row_ids AS row_id,
        arrayEnumerate(page.row_ids) AS place
) AS listed
INNER JOIN
(
    SELECT
        dataset_rows.row_id AS row_id,
        any(dataset_rows.body) AS body
    FROM dataset_rows
    WHERE dataset_rows.project = {project:String}
        AND dataset_rows.row_id IN (SELECT arrayJoin(page.row_ids) FROM page)
    GROUP BY dataset_rows.row_id
) AS stored ON stored.row_id = listed.row_id
ORDER BY listed.place
LIMIT {limit:UInt32}

(
    SELECT
        row_id,
        place
    FROM named
    ARRAY JOIN
        named.row_ids AS row_id,
        arrayEnumerate(named.row_ids) AS place
) AS listed
INNER JOIN
(
    SELECT
        dataset_rows.row_id AS row_id,
        any(dataset_rows.body) AS body
    FROM dataset_rows
    WHERE dataset_rows.project = {project:String}
        AND dataset_rows.row_id IN (SELECT arrayJoin(named.row_ids) FROM named)
        AND $matching
    GROUP BY dataset_rows.row_id
) AS stored ON stored.row_id = listed.row_id

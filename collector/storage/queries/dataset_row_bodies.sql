-- What do these rows say?
-- Key: (project, row_id).
SELECT
    toString(dataset_rows.row_id) AS row_id,
    any(dataset_rows.body) AS body
FROM dataset_rows
WHERE dataset_rows.project = {project:String}
    AND dataset_rows.row_id IN (SELECT toFixedString(arrayJoin({row_ids:Array(String)}), 16))
GROUP BY dataset_rows.row_id
LIMIT {limit:UInt32}

-- Which of these rows does the project hold already?
-- Key: (project, row_id).
SELECT DISTINCT
    toString(dataset_rows.row_id) AS row_id
FROM dataset_rows
WHERE dataset_rows.project = {project:String}
    AND dataset_rows.row_id IN (SELECT toFixedString(arrayJoin({row_ids:Array(String)}), 16))
LIMIT {limit:UInt32}

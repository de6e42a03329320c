-- Which examples are these rows, and do two of them say the same?
-- Key: (project, row_id).
SELECT
    toString(dataset_rows.row_id) AS row_id,
    any(JSONExtractString(dataset_rows.body, 'id')) AS id,
    any(hex(sipHash128(
        JSONExtractRaw(dataset_rows.body, 'inputs'),
        JSONExtractRaw(dataset_rows.body, 'expected'),
        JSONExtractRaw(dataset_rows.body, 'output'),
        JSONExtractRaw(dataset_rows.body, 'metadata')
    ))) AS said
FROM dataset_rows
WHERE dataset_rows.project = {project:String}
    AND dataset_rows.row_id IN (SELECT toFixedString(arrayJoin({row_ids:Array(String)}), 16))
GROUP BY dataset_rows.row_id
LIMIT {limit:UInt32}

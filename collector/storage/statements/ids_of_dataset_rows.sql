-- Which rows of datasets does a condition of ours name?
SELECT DISTINCT
    toString(row_id) AS row_id
FROM dataset_rows
WHERE {condition}

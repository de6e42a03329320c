-- How many rows of a table does a condition of ours name?
SELECT count()
FROM {table}
WHERE {condition}

-- Rows from before a day, of tables that are not parted by day.
DELETE FROM {table} {within}
WHERE {column} < {{first_kept:Date}}

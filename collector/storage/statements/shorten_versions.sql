-- Takes rows (their ids, 16 hex digits each, stand in one text) out of every version that
-- lists them, so that its number of rows stays that of the rows it has.
ALTER TABLE {table}
    UPDATE row_ids = arrayFilter(
        row_id -> NOT has(extractAll({{row_ids:String}}, '[0-9a-f]{{16}}'), toString(row_id)),
        row_ids
    )
    WHERE ({{project:String}} = '' OR project = {{project:String}})
        AND arrayExists(
            row_id -> has(extractAll({{row_ids:String}}, '[0-9a-f]{{16}}'), toString(row_id)),
            row_ids
        )
    SETTINGS mutations_sync = 1, max_execution_time = 600

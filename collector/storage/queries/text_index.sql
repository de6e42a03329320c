-- Is there a text index, and how many parts of the table still lack it?
-- Reads the engine's own account of its parts, no rows.
SELECT
    (
        SELECT count()
        FROM system.data_skipping_indices AS indices
        WHERE indices.database = currentDatabase()
            AND indices.table = {table:String}
            AND indices.name IN ('input_text', 'output_text')
    ) AS n_indices,
    (
        SELECT sum(mutations.parts_to_do)
        FROM system.mutations AS mutations
        WHERE mutations.database = currentDatabase()
            AND mutations.table = {table:String}
            AND mutations.command LIKE '%MATERIALIZE INDEX%'
            AND NOT mutations.is_done
    ) AS n_tasks_left,
    (
        SELECT count()
        FROM system.parts AS parts
        WHERE parts.active AND parts.database = currentDatabase() AND parts.table = {table:String}
    ) AS n_parts
LIMIT 1

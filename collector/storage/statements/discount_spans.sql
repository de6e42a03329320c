-- Has spans of a project (their keys, 40 bytes each, stand in one text) no longer count in
-- sums of usage. Rewrites one column of the parts that hold them, each part at once with its
-- roll-up; on a full disk the engine would wait for ever.
ALTER TABLE {table}
    UPDATE usage_counts = false
    WHERE usage_counts
        AND project = {{project:String}}
        AND ts >= fromUnixTimestamp64Nano({{first_ns:Int64}}, 'UTC')
        AND ts <= fromUnixTimestamp64Nano({{last_ns:Int64}}, 'UTC')
        AND concat(trace_id, span_id, digest) IN
        (
            SELECT unhex(arrayJoin(extractAll({{keys:String}}, '[0-9a-f]{{80}}')))
        )
    SETTINGS mutations_sync = 1, max_execution_time = 600

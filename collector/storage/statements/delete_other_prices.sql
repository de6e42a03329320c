-- A user's prices that are of another file than the one that holds now.
DELETE FROM {table}
WHERE rank = 1
    AND source != {{source:String}}

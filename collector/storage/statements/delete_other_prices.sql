-- A user's prices that are of another file than the one that holds now.
DELETE FROM prices
WHERE rank = 1
    AND source != {source:String}

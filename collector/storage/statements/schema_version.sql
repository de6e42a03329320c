-- The last step of the schema that a store has.
SELECT max(number)
FROM migrations

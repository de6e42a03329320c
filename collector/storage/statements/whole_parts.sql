-- Parts of a partition of which nothing is to be kept.
SELECT _part
FROM {holder}
WHERE _partition_id = '{partition}'
GROUP BY _part
HAVING countIf(NOT ({condition})) = 0

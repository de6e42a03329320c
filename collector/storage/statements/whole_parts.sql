-- Parts of which nothing is to be kept.
SELECT _part
FROM {holder}
WHERE {within}
GROUP BY _part
HAVING countIf(NOT ({condition})) = 0

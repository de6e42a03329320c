-- How much disk does each project take, about? Each of its rows counts as one of its table's
-- mean size: the engine knows the bytes of its files, not whose rows they hold.
-- Key: counts rows by project; reads no other column, and the engine's account of its parts.
SELECT
    counted.project AS project,
    sumIf(counted.n, counted.kept_in = 'spans') AS n_spans,
    sumIf(counted.n, counted.kept_in = 'scores') AS n_scores,
    sumIf(counted.n, counted.kept_in = 'events') AS n_events,
    toUInt64(sum(counted.n * sizes.bytes_a_row)) AS bytes_estimated
FROM
(
    SELECT spans.project AS project, 'spans' AS kept_in, count() AS n
    FROM spans
    WHERE $spans
    GROUP BY spans.project
    UNION ALL
    SELECT scores.project AS project, 'scores' AS kept_in, count() AS n
    FROM scores
    WHERE $scores
    GROUP BY scores.project
    UNION ALL
    SELECT events.project AS project, 'events' AS kept_in, count() AS n
    FROM events
    WHERE $events
    GROUP BY events.project
) AS counted
LEFT JOIN
(
    SELECT
        replaceOne(parts.table, '_local', '') AS kept_in,
        sum(parts.bytes_on_disk) / sum(parts.rows) AS bytes_a_row
    FROM $parts AS parts
    WHERE parts.active AND parts.rows > 0 AND parts.database = currentDatabase()
    GROUP BY kept_in
) AS sizes ON counted.kept_in = sizes.kept_in
GROUP BY counted.project
ORDER BY bytes_estimated DESC
LIMIT 1000

-- How many rows of each version are new in it, and how many of the one before are gone?
-- Key: (project, dataset, at).
WITH versions AS
    (
        SELECT
            dataset_versions.project AS project,
            dataset_versions.at AS at,
            arrayDistinct(dataset_versions.row_ids) AS rows_then
        FROM dataset_versions
        WHERE $projects AND dataset_versions.dataset = {name:String} AND NOT dataset_versions.deleted
        ORDER BY dataset_versions.at DESC
        LIMIT {limit:UInt32}
    ),
    pairs AS
    (
        SELECT
            project,
            at,
            rows_then,
            lagInFrame(rows_then) OVER (
                PARTITION BY project
                ORDER BY at
                ROWS BETWEEN 1 PRECEDING AND CURRENT ROW
            ) AS rows_before
        FROM versions
    )
SELECT
    project,
    at,
    length(rows_then) - length(arrayIntersect(rows_then, rows_before)) AS n_new,
    length(rows_before) - length(arrayIntersect(rows_then, rows_before)) AS n_gone
FROM pairs
ORDER BY at DESC
LIMIT {limit:UInt32}

-- Which examples are the rows that only one of two versions has, and what do they say?
-- Keys: (project, dataset, at) for the versions, (project, row_id) for their rows.
SELECT
    toString(dataset_rows.row_id) AS row_id,
    any(JSONExtractString(dataset_rows.body, 'id')) AS id,
    any(hex(sipHash128(arrayFilter(
        pair -> pair.1 != 'source',
        JSONExtractKeysAndValuesRaw(dataset_rows.body)
    )))) AS said
FROM dataset_rows
WHERE dataset_rows.project = {project:String}
    AND dataset_rows.row_id IN
    (
        SELECT
            named.row_id
        FROM
        (
            SELECT
                dataset_versions.version AS version,
                arrayJoin(arrayDistinct(any(dataset_versions.row_ids))) AS row_id
            FROM dataset_versions
            WHERE dataset_versions.project = {project:String}
                AND dataset_versions.dataset = {name:String}
                AND dataset_versions.version IN ({before:String}, {after:String})
                AND NOT dataset_versions.deleted
            GROUP BY version
        ) AS named
        GROUP BY named.row_id
        HAVING count() = 1
    )
GROUP BY dataset_rows.row_id
LIMIT {limit:UInt32}

-- Which views has a run, the newest of each name, in the order in which they were set?
-- Key: (project, evaluation_id, ts).
SELECT
    newest.view AS name,
    nullIf(newest.media_type, '') AS media_type,
    newest.content AS content,
    newest.view_metadata AS metadata,
    toDateTime64(newest.ts, 6, 'UTC') AS at,
    toUnixTimestamp64Nano(newest.ts) AS at_ns
FROM
(
    SELECT *
    FROM evaluation_events
    WHERE $scope AND evaluation_events.evaluation_id = {id:String} AND evaluation_events.event = 'view'
    ORDER BY evaluation_events.ts DESC
    LIMIT 1 BY evaluation_events.view
) AS newest
ORDER BY newest.ts
LIMIT {limit:UInt32}

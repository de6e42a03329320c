-- Does any prediction of a run name calls that were made before as its own?
-- Key: (project, ts) from the run's start on, then the bloom on evaluation_id.
SELECT 1 AS found
FROM spans
WHERE $scope AND $run AND spans.kind = 'prediction' AND position(spans.links, '"tracer.link"') > 0
LIMIT 1

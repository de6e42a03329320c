-- Is there a matching span that is no entry span? One row if so.
-- Key: (project, ts) bounds the window.
SELECT 1 AS found
FROM spans
WHERE NOT spans.is_entry AND $scope AND $where AND $behind
LIMIT 1

-- Which clusters a server knows.
SELECT DISTINCT cluster
FROM system.clusters

-- The hosts of each shard of a cluster, replicas in order; '' is the server asked.
SELECT arrayMap(pair -> pair.2, arraySort(groupArray((replica_num, if(is_local, '', host_name)))))
FROM system.clusters
WHERE cluster = {cluster:String}
GROUP BY shard_num
ORDER BY shard_num

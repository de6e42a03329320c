-- In which partitions lie spans of a period whose usage counts, and how many?
SELECT
    _partition_id,
    count()
FROM spans
WHERE {condition}
    AND usage_counts
    AND (isNotNull(input_tokens) OR isNotNull(output_tokens))
GROUP BY _partition_id
ORDER BY _partition_id

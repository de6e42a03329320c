-- What do the spans of a period cost, and how many have no price?
SELECT
    sum(cost_usd),
    countIf(isNull(cost_usd))
FROM spans
WHERE {condition}
    AND usage_counts
    AND (isNotNull(input_tokens) OR isNotNull(output_tokens))

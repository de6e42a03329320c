-- Models of the last hour's spans that have no price.
SELECT DISTINCT provider, model
FROM spans
WHERE received_at >= now() - INTERVAL 1 HOUR
    AND usage_counts
    AND model != ''
    AND isNull(cost_usd)
    AND isNotNull(coalesce(input_tokens, output_tokens))
LIMIT 1000

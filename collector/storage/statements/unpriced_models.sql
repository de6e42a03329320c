-- Models of the last hour's spans that have no price; and whether there is one by now.
-- The dictionary is asked here and not on the shards of a cluster: what they are sent
-- is read in another database, where its name is not known.
SELECT
    provider,
    model,
    max(
        isNotNull(dictGetOrNull('prices_by_day', 'input_usd_per_mtok', (provider, model), day))
    ) AS has_price
FROM
(
    SELECT
        provider,
        model,
        toDate(ts) AS day
    FROM spans
    WHERE received_at >= now() - INTERVAL 1 HOUR
        AND usage_counts
        AND model != ''
        AND isNull(cost_usd)
        AND isNotNull(coalesce(input_tokens, output_tokens))
    GROUP BY provider, model, day
)
GROUP BY provider, model
ORDER BY has_price DESC
LIMIT 1000

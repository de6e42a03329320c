-- What does the user's own list say? By provider, model and first day.
-- Key: (provider, model, first_day).
SELECT
    prices.provider AS provider,
    prices.model AS model,
    toString(prices.first_day) AS first_day,
    prices.input_usd_per_mtok AS input_usd_per_mtok,
    prices.output_usd_per_mtok AS output_usd_per_mtok,
    prices.cache_read_usd_per_mtok AS cache_read_usd_per_mtok
FROM prices
WHERE prices.rank = 1
ORDER BY prices.at DESC
LIMIT 1 BY prices.provider, prices.model, prices.first_day
LIMIT 1000

-- Which price lists are there? Those of rank 1 are the user's own and go before others.
-- Reads the table of prices, some thousand rows.
SELECT
    prices.source AS source,
    prices.rank = 1 AS is_own,
    uniqExact(prices.provider, prices.model) AS n_models,
    max(prices.at) AS at
FROM prices
GROUP BY prices.source, is_own
ORDER BY is_own DESC, at DESC
LIMIT 100

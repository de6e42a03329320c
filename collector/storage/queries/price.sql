-- What do a million tokens of a model cost on a day, in US dollars, and by which list?
-- Key: the dictionary's (provider, model).
SELECT
    {provider:String} AS provider,
    {model:String} AS model,
    dictGetOrNull('prices_by_day', 'input_usd_per_mtok', (provider, model), priced_on) AS input_usd_per_mtok,
    dictGetOrNull('prices_by_day', 'output_usd_per_mtok', (provider, model), priced_on) AS output_usd_per_mtok,
    dictGetOrNull('prices_by_day', 'cache_read_usd_per_mtok', (provider, model), priced_on) AS cache_read_usd_per_mtok,
    dictGetOrNull('prices_by_day', 'source', (provider, model), priced_on) AS source
FROM
(
    SELECT toDate({day:UInt16}) AS priced_on
)
LIMIT 1

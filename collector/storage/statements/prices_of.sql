-- What tokens of a model cost on a day, in USD per million: in, out, read from the cache;
-- and by which list.
SELECT
    dictGetOrNull('prices_by_day', 'input_usd_per_mtok', (provider, model), day),
    dictGetOrNull('prices_by_day', 'output_usd_per_mtok', (provider, model), day),
    dictGetOrNull('prices_by_day', 'cache_read_usd_per_mtok', (provider, model), day),
    dictGetOrNull('prices_by_day', 'source', (provider, model), day)
FROM
(
    SELECT
        {provider:String} AS provider,
        {model:String} AS model,
        toDate({day:UInt16}) AS day
)

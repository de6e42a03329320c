-- Prices by provider, model and day, as the normalising SELECT asks for them. A model that
-- a user's file names has no other prices.
CREATE OR REPLACE DICTIONARY prices_by_day
(
    provider                String,
    model                   String,
    first_day               Date,
    last_day                Date,
    input_usd_per_mtok      Nullable(Float64),
    output_usd_per_mtok     Nullable(Float64),
    cache_read_usd_per_mtok Nullable(Float64),
    source                  String
)
PRIMARY KEY provider, model
SOURCE(CLICKHOUSE(${credentials} QUERY '
    SELECT
        provider,
        model,
        first_day,
        argMax(last_day, at),
        argMax(tuple(input_usd_per_mtok), at).1,
        argMax(tuple(output_usd_per_mtok), at).1,
        argMax(tuple(cache_read_usd_per_mtok), at).1,
        argMax(source, at)
    FROM ${database}.prices
    WHERE rank = 1
        OR (provider, model) GLOBAL NOT IN
        (
            SELECT provider, model
            FROM ${database}.prices
            WHERE rank = 1
        )
    GROUP BY provider, model, first_day
'))
LIFETIME(MIN 60 MAX 120)
LAYOUT(COMPLEX_KEY_RANGE_HASHED())
RANGE(MIN first_day MAX last_day)

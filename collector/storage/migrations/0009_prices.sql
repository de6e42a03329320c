-- What a million tokens cost; the dictionary over it prices spans as they are inserted.
CREATE TABLE IF NOT EXISTS prices
(
    provider                String,
    model                   String,
    first_day               Date,
    last_day                Date,
    input_usd_per_mtok      Nullable(Float64),
    output_usd_per_mtok     Nullable(Float64),
    cache_read_usd_per_mtok Nullable(Float64),
    source                  String,
    at                      DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY (provider, model, first_day)

-- Prices spans that were stored before their model's price was known; the reckoning is that
-- of intake/spans_from_otlp.sql. Rewrites one column of the parts that hold such spans.
ALTER TABLE {table}
    UPDATE cost_usd = (
        (
            ifNull(input_tokens, 0)
            - least(ifNull(cache_read_tokens, 0), ifNull(input_tokens, 0))
        ) * dictGetOrNull(
            'prices_by_day', 'input_usd_per_mtok', (provider, model), toDate(ts)
        )
        + least(ifNull(cache_read_tokens, 0), ifNull(input_tokens, 0)) * ifNull(
            dictGetOrNull(
                'prices_by_day', 'cache_read_usd_per_mtok', (provider, model), toDate(ts)
            ),
            dictGetOrNull(
                'prices_by_day', 'input_usd_per_mtok', (provider, model), toDate(ts)
            )
        )
        + ifNull(output_tokens, 0) * ifNull(
            dictGetOrNull(
                'prices_by_day', 'output_usd_per_mtok', (provider, model), toDate(ts)
            ),
            0
        )
    ) / 1e6
    WHERE received_at >= now() - INTERVAL 1 HOUR
        AND usage_counts
        AND isNull(cost_usd)
        AND has(
            arrayZip({{providers:Array(String)}}, {{models:Array(String)}}),
            (provider, model)
        )
    SETTINGS mutations_sync = 1

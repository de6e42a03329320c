-- Prices spans as intake/spans_from_otlp.sql does: those that were stored before their
-- model's price was known, or all of a period. Rewrites two columns of the parts that hold
-- such spans, each part at once with its roll-up; on a full disk the engine would wait for
-- ever.
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
    ) / 1e6,
    cost_source = ifNull(
        dictGetOrNull('prices_by_day', 'source', (provider, model), toDate(ts)), ''
    )
    {within}
    WHERE usage_counts
        AND (isNotNull(input_tokens) OR isNotNull(output_tokens))
        AND {condition}
    SETTINGS mutations_sync = 1, max_execution_time = {limit_s}

-- Which models were called in the window without a price, and how much? The most called first.
-- Key: (project, ts); narrow columns of the window only.
SELECT
    spans.provider AS provider,
    spans.model AS model,
    count() AS n_spans,
    sum(spans.input_tokens) AS input_tokens,
    sum(spans.output_tokens) AS output_tokens,
    toDateTime64(max(spans.ts), 6, 'UTC') AS last
FROM spans
WHERE $scope
    AND spans.usage_counts
    AND spans.model != ''
    AND isNull(spans.cost_usd)
    AND isNotNull(coalesce(spans.input_tokens, spans.output_tokens))
GROUP BY spans.provider, spans.model
ORDER BY n_spans DESC, model
LIMIT 200

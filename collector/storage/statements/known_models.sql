-- Which models have prices or are met on spans, by which providers?
SELECT DISTINCT provider, model
FROM prices
UNION DISTINCT
SELECT DISTINCT provider, model
FROM spans
WHERE usage_counts
    AND model != ''
LIMIT 100000

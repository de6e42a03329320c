-- Which files of the user are prices from?
SELECT DISTINCT source
FROM prices
WHERE rank = 1

-- Which price lists have been stored.
SELECT DISTINCT source
FROM prices

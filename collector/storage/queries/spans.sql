-- Which spans match, in this order? One page; the caller drops a span sent twice.
-- Key: (project, ts) bounds the window and gives the order by start; blooms for ids,
-- session and map values. Columns are shaped outside, for the page's rows only.
SELECT
$span_columns,
    $value AS sort_value
FROM
(
    SELECT *
    FROM spans
    WHERE $scope AND $where AND $behind
    ORDER BY $order
    LIMIT {limit:UInt32}
) AS spans
ORDER BY $order
LIMIT {limit:UInt32}

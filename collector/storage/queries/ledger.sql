-- Is everything stored that each process says it sent? One row a process (service.instance.id)
-- that sent something in the window, the latest first.
-- A process counts its batches from 1 and says with each how many items went before: what the
-- last batch says is compared with the rows that are there. All its receipts take part, so that
-- a batch before the window is not missed; none is older than $days days. Where the earliest
-- may have been dropped already, its count begins with the first that is left.
-- Batch by batch: rows that one lacks are not made up for by rows that another has twice. What was
-- due of a batch is what the next one says went before it, parts that never came included.
-- A batch of which rows were removed on purpose is taken to have been stored. Scores that came
-- on spans are no items of theirs.
-- Key: receipts by their partition (a day); of the tables only digest and received_at.
WITH
asked AS
(
    SELECT
        receipts.instance_id AS instance_id,
        toInt64(receipts.batch) AS batch,
        receipts.digest AS digest,
        any(receipts.signal) AS signal,
        any(receipts.project) AS project,
        any(receipts.service) AS service,
        toInt64(max(receipts.sent_before)) AS sent_before,
        toInt64(max(receipts.n_items)) AS n_items,
        toInt64(max(receipts.n_rejected)) AS n_rejected,
        min(receipts.received_at) AS received_at
    FROM receipts
    WHERE receipts.batch > 0
        AND $scope
        AND receipts.received_at >= fromUnixTimestamp64Nano({since_ns:Int64}, 'UTC') - toIntervalDay($days)
        AND receipts.instance_id IN
        (
            SELECT receipts.instance_id
            FROM receipts
            WHERE receipts.batch > 0
                AND receipts.received_at >= fromUnixTimestamp64Nano({since_ns:Int64}, 'UTC')
                AND $scope
            GROUP BY receipts.instance_id
            ORDER BY max(receipts.received_at) DESC
            LIMIT {limit:UInt64}
        )
    GROUP BY receipts.instance_id, receipts.batch, receipts.digest
),
present AS
(
    SELECT digest, toInt64(sum(n)) AS n
    FROM
    (
        SELECT digest, count() AS n
        FROM spans
        WHERE received_at >= (SELECT min(received_at) FROM asked) AND digest IN (SELECT digest FROM asked)
        GROUP BY digest
        UNION ALL
        SELECT digest, count() AS n
        FROM scores
        WHERE received_at >= (SELECT min(received_at) FROM asked) AND digest IN (SELECT digest FROM asked WHERE signal = 'logs')
        GROUP BY digest
        UNION ALL
        SELECT digest, count() AS n
        FROM evaluation_events
        WHERE received_at >= (SELECT min(received_at) FROM asked) AND digest IN (SELECT digest FROM asked WHERE signal = 'logs')
        GROUP BY digest
        UNION ALL
        SELECT digest, count() AS n
        FROM events
        WHERE received_at >= (SELECT min(received_at) FROM asked) AND digest IN (SELECT digest FROM asked WHERE signal = 'logs')
        GROUP BY digest
    )
    GROUP BY digest
),
batches AS
(
    SELECT
        asked.instance_id AS instance_id,
        asked.batch AS batch,
        any(asked.project) AS project,
        any(asked.service) AS service,
        max(asked.sent_before) AS sent_before,
        sum(asked.n_items) AS n_items,
        sum(asked.n_rejected) AS n_rejected,
        sum(
            if(
                asked.received_at < toDateTime({kept_from:Int64}, 'UTC')
                    OR asked.digest IN (SELECT digest FROM removals),
                asked.n_items - asked.n_rejected,
                ifNull(present.n, toInt64(0))
            )
        ) AS n_stored,
        min(asked.received_at) AS first,
        max(asked.received_at) AS last
    FROM asked
    LEFT JOIN present ON present.digest = asked.digest
    GROUP BY asked.instance_id, asked.batch
),
sized AS
(
    SELECT
        *,
        leadInFrame(batch, 1, toInt64(0)) OVER following AS next_batch,
        leadInFrame(sent_before, 1, toInt64(0)) OVER following AS next_before,
        if(next_batch = batch + 1, next_before - sent_before, n_items) - n_rejected AS n_due
    FROM batches
    WINDOW following AS (PARTITION BY instance_id ORDER BY batch ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
SELECT
    any(project) AS project,
    any(service) AS service,
    instance_id,
    toDateTime64(min(sized.first), 6, 'UTC') AS first,
    toDateTime64(max(sized.last), 6, 'UTC') AS last,
    arraySort(groupArray(batch)) AS seen,
    if(min(sized.first) < now64(3) - toIntervalDay($sure_days), seen[1], toInt64(1)) AS first_batch,
    max(batch) AS last_batch,
    toInt64(count()) AS n_batches,
    last_batch + 1 - first_batch - n_batches AS n_missing_batches,
    arraySlice(
        arrayFlatten(
            arrayMap(
                (before, next) -> range(before + 1, least(next, before + 1 + $most_missing)),
                arrayPushFront(arrayPopBack(seen), first_batch - 1),
                seen
            )
        ),
        1,
        $most_missing
    ) AS missing_batches,
    argMax(sent_before + n_items, batch) - if(first_batch = 1, toInt64(0), argMin(sent_before, batch)) AS n_sent,
    sum(sized.n_items) AS n_received,
    sum(sized.n_rejected) AS n_rejected,
    sum(sized.n_stored) AS n_stored,
    sum(greatest(sized.n_due - sized.n_stored, 0)) AS n_lacking,
    sum(greatest(sized.n_stored - sized.n_due, 0)) AS n_repeated,
    multiIf(
        n_missing_batches > 0, 'gaps',
        n_lacking > 0 OR n_rejected > 0, 'partial',
        n_repeated > 0, 'repeated',
        'complete'
    ) AS verdict
FROM sized
GROUP BY instance_id
ORDER BY last DESC, instance_id
LIMIT {limit:UInt64}

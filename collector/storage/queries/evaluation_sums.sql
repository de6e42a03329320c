-- What does a run say about each score, example by example? Every example has a row for
-- every score: a prediction without the score counts as missing, a failed one as error.
-- A stray label among numbers is counted under labels alone.
-- Key: the blooms on evaluation_id.
WITH
    newest AS
    (
        SELECT
            scores.name AS name,
            scores.type AS type,
            scores.example_id AS example_id,
            ifNull(scores.trial, 0) AS trial,
            scores.value AS value,
            scores.label AS label,
            scores.error AS error,
            scores.scale_low AS scale_low,
            scores.scale_high AS scale_high
        FROM
        (
            SELECT *
            FROM scores
            WHERE $scores_scope AND scores.evaluation_id = {id:String}
            ORDER BY scores.version_ns DESC
            LIMIT 1 BY scores.score_id
        ) AS scores
        WHERE NOT scores.deleted
    ),
    predictions AS
    (
        SELECT
            spans.example_id AS example_id,
            ifNull(spans.trial, 0) AS trial,
            min(spans.ts) AS first,
            min(spans.status = 'error') AS failed
        FROM spans
        WHERE $spans_scope AND spans.evaluation_id = {id:String} AND spans.kind = 'prediction'
        GROUP BY example_id, trial
    ),
    names AS
    (
        SELECT
            newest.name AS name,
            multiIf(
                countIf(newest.type = 'number' AND isNotNull(newest.value)) > 0, 'number',
                countIf(newest.type = 'bool' AND isNotNull(newest.value)) > 0, 'bool',
                countIf(newest.label != '') > 0, 'label',
                any(newest.type)
            ) AS type,
            min(newest.scale_low) AS scale_low,
            max(newest.scale_high) AS scale_high
        FROM newest
        GROUP BY newest.name
    ),
    examples AS
    (
        SELECT
            listed.example_id AS example_id,
            min(listed.first) AS first,
            sum(listed.done) AS n_done,
            sum(listed.failed) AS n_failed
        FROM
        (
            SELECT example_id, first, NOT failed AS done, failed FROM predictions
            UNION ALL
            SELECT DISTINCT example_id, toDateTime64('2261-01-01', 9, 'UTC'), 0, 0 FROM newest
        ) AS listed
        GROUP BY listed.example_id
    ),
    scored AS
    (
        SELECT
            newest.name AS name,
            newest.example_id AS example_id,
            countIf(isNotNull(newest.value)) AS n_values,
            countIf(isNotNull(newest.value) OR newest.label != '') AS n_given,
            sum(newest.value) AS total,
            sum(newest.value * newest.value) AS squares,
            arraySort(groupArrayIf((newest.trial, assumeNotNull(newest.value)), isNotNull(newest.value))) AS given,
            countIf(newest.error != '') AS n_errors,
            countIf(newest.error = '' AND isNull(newest.value) AND newest.label = '') AS n_missing,
            uniqExactIf(newest.trial, NOT ifNull(predictions.failed, 0)) AS n_done,
            uniqExactIf(newest.trial, ifNull(predictions.failed, 0)) AS n_failed,
            sumMapIf(map(newest.label, 1), newest.label != '') AS labels
        FROM newest
        LEFT JOIN predictions
            ON predictions.example_id = newest.example_id AND predictions.trial = newest.trial
        GROUP BY newest.name, newest.example_id
    )
SELECT
    names.name AS score,
    names.type AS type,
    examples.example_id AS example_id,
    ifNull(if(names.type = 'label', scored.n_given, scored.n_values), 0) AS n,
    ifNull(scored.total, 0) AS sum,
    ifNull(scored.squares, 0) AS sum_squares,
    arrayMap(one -> one.1, scored.given) AS trials,
    arrayMap(one -> one.2, scored.given) AS values,
    ifNull(scored.n_missing, 0) + greatest(toInt64(examples.n_done) - toInt64(ifNull(scored.n_done, 0)), 0) AS n_missing,
    ifNull(scored.n_errors, 0) + greatest(toInt64(examples.n_failed) - toInt64(ifNull(scored.n_failed, 0)), 0) AS n_errors,
    scored.labels AS labels,
    names.scale_low AS scale_low,
    names.scale_high AS scale_high
FROM names
CROSS JOIN examples
LEFT JOIN scored ON scored.name = names.name AND scored.example_id = examples.example_id
ORDER BY names.name, examples.first, examples.example_id
LIMIT {limit:UInt32}

-- What does a run say about each score, example by example? Every example has a row for
-- every score: a prediction without the score counts as missing, a failed one as error.
-- A stray label among numbers is counted under labels alone. Raters in {beside} stand under
-- names of their own, with rows for what they judged alone: nobody expected more of them.
-- Grades that people gave to one prediction are readings of it: their mean is one value.
-- Key: the blooms on evaluation_id.
WITH
    newest AS
    (
        SELECT
            $score_shown AS name,
            toString(scores.name) AS own_name,
            $rater AS rater,
            scores.source IN ('human', 'user') AS is_person,
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
    readings AS
    (
        SELECT
            newest.name AS name,
            newest.example_id AS example_id,
            newest.trial AS trial,
            any(newest.own_name) AS own_name,
            groupUniqArray(newest.rater) AS raters,
$reading
        FROM newest
        GROUP BY newest.name, newest.example_id, newest.trial, newest.is_person
    ),
    names AS
    (
        SELECT
            readings.name AS name,
            any(readings.own_name) AS own_name,
            groupUniqArrayArray(readings.raters) AS raters,
            multiIf(
                max(readings.is_number), 'number',
                max(readings.is_bool), 'bool',
                sum(readings.n_labels) > 0, 'label',
                any(readings.any_type)
            ) AS type,
            min(readings.scale_low) AS scale_low,
            max(readings.scale_high) AS scale_high
        FROM readings
        GROUP BY readings.name
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
            readings.name AS name,
            readings.example_id AS example_id,
            sum(length(readings.given)) AS n_values,
            sum(readings.n_given) AS n_given,
            sum(arraySum(readings.given)) AS total,
            sum(arraySum(one -> one * one, readings.given)) AS squares,
            arraySort(groupArrayArray(arrayMap(one -> (readings.trial, one), readings.given))) AS given,
            sum(readings.n_errors) AS n_errors,
            sum(readings.n_missing) AS n_missing,
            uniqExactIf(readings.trial, NOT ifNull(predictions.failed, 0)) AS n_done,
            uniqExactIf(readings.trial, ifNull(predictions.failed, 0)) AS n_failed,
            sumMap(readings.labels) AS labels
        FROM readings
        LEFT JOIN predictions
            ON predictions.example_id = readings.example_id AND predictions.trial = readings.trial
        GROUP BY readings.name, readings.example_id
    )
SELECT
    names.name AS score,
    if(names.name = names.own_name, '', names.own_name) AS beside,
    arraySort(names.raters) AS raters,
    names.type AS type,
    examples.example_id AS example_id,
    ifNull(if(names.type = 'label', scored.n_given, scored.n_values), 0) AS n,
    ifNull(scored.total, 0) AS sum,
    ifNull(scored.squares, 0) AS sum_squares,
    arrayMap(one -> one.1, scored.given) AS trials,
    arrayMap(one -> one.2, scored.given) AS values,
    ifNull(scored.n_missing, 0)
        + if(beside = '', greatest(toInt64(examples.n_done) - toInt64(ifNull(scored.n_done, 0)), 0), 0) AS n_missing,
    ifNull(scored.n_errors, 0)
        + if(beside = '', greatest(toInt64(examples.n_failed) - toInt64(ifNull(scored.n_failed, 0)), 0), 0) AS n_errors,
    scored.labels AS labels,
    names.scale_low AS scale_low,
    names.scale_high AS scale_high
FROM names
CROSS JOIN examples
LEFT JOIN scored ON scored.name = names.name AND scored.example_id = examples.example_id
WHERE names.name = names.own_name OR isNotNull(scored.name)
ORDER BY names.name, examples.first, examples.example_id
LIMIT {limit:UInt32}

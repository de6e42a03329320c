-- Whose scores stand beside a run's own of the same name? People where a scorer gave the
-- score, too; and scorers that judged what an earlier one had. Who was first is told by first
-- versions: a correction changes no order. Mostly no name has two raters, and nothing is sorted.
-- Key: the bloom on evaluation_id.
SELECT
    raters.id AS id,
    raters.name AS name,
    raters.rater AS rater,
    toString(sipHash64(raters.id, raters.name, raters.rater)) AS key
FROM
(
    SELECT
        placed.id AS id,
        placed.name AS name,
        placed.rater AS rater,
        any(placed.is_person) AS is_person,
        max(placed.rater != placed.first_there) AS comes_later,
        min(any(placed.is_person)) OVER (PARTITION BY placed.id, placed.name) AS all_are_people
    FROM
    (
        SELECT
            ranked.id AS id,
            ranked.name AS name,
            ranked.rater AS rater,
            ranked.is_person AS is_person,
            argMin(ranked.rater, (ranked.is_person, ranked.began, ranked.rater))
                OVER (PARTITION BY ranked.id, ranked.name, ranked.example_id, ranked.trial) AS first_there
        FROM
        (
            SELECT
                living.*,
                min(living.first) OVER (PARTITION BY living.id, living.name, living.rater) AS began
            FROM
            (
                SELECT
                    scores.evaluation_id AS id,
                    toString(scores.name) AS name,
                    $rater AS rater,
                    any(scores.source) IN ('human', 'user') AS is_person,
                    scores.example_id AS example_id,
                    ifNull(scores.trial, 0) AS trial,
                    min(scores.ts) AS first
                FROM scores
                WHERE $scope AND scores.evaluation_id IN {ids:Array(String)}
                    AND (scores.evaluation_id, scores.name) IN
                    (
                        SELECT scores.evaluation_id, scores.name
                        FROM scores
                        WHERE $scope AND scores.evaluation_id IN {ids:Array(String)}
                        GROUP BY scores.evaluation_id, scores.name
                        HAVING uniqExact($rater) > 1
                    )
                GROUP BY id, name, rater, example_id, trial, scores.score_id
                HAVING NOT argMax(scores.deleted, scores.version_ns)
            ) AS living
        ) AS ranked
    ) AS placed
    GROUP BY placed.id, placed.name, placed.rater
) AS raters
WHERE raters.comes_later OR (raters.is_person AND NOT raters.all_are_people)
ORDER BY raters.id, raters.name, raters.rater
LIMIT 10000

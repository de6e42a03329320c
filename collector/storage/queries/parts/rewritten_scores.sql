-- Numbers of the scores that have several versions.
                SELECT reinterpretAsUInt128(scores.score_id) AS id
                FROM scores
                WHERE $scope AND $of_identity
                GROUP BY id
                HAVING count() > 1


-- The name under which a trend shows a score: of people apart where scorers gave it, too.
if(
            newest.source IN ('human', 'user') AND newest.name IN
            (
                SELECT scores.name
                FROM scores
                WHERE $scope AND $of_identity AND scores.source NOT IN ('human', 'user')
                GROUP BY scores.name
            ),
            concat(newest.name, ' · people'),
            toString(newest.name)
        )

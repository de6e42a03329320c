-- What numbers in the objects of usage and of cost add up to: JSON, or what Python prints
-- of a dict. The texts are handed over: caught by the lambda, the engine would copy them
-- for each of its calls.
arrayMap(
    (names, key, text) -> arrayReduce(
        'sumOrNull',
        arrayMap(
            pair -> toFloat64OrNull(pair[2]),
            arrayFilter(
                pair -> has(names, concat(key, ' ', pair[1])),
                extractAllGroupsVertical(text, ${number_of_object})
            )
        )
    ),
    ${names_of_sums},
    ${keys_of_sums},
    ${texts_of_sums}
)

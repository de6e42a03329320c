-- The types of attributes that are no text, those of metadata under our own prefix too.
CAST(
    (
        arrayConcat(
            arrayFilter((k, code) -> code > 0, keys, codes),
            arrayMap(
                (k, length) -> concat('tracer.metadata.', substring(k, length + 1)),
                arrayFilter((k, foreign) -> foreign, keys, is_foreign),
                arrayFilter((length, foreign) -> foreign, prefix_lengths, is_foreign)
            ),
            arrayMap(
                pair -> concat('tracer.metadata.', pair.1),
                arrayFilter(pair -> NOT startsWith(pair.2, '"'), metadata_pairs)
            )
        ),
        arrayConcat(
            arrayMap(
                code -> transform(code, ${type_codes}, ${type_names}, ''),
                arrayConcat(
                    arrayFilter(code -> code > 0, codes),
                    arrayFilter((code, foreign) -> foreign, codes, is_foreign)
                )
            ),
            arrayMap(
                pair -> multiIf(
                    pair.2 IN ('true', 'false'), 'bool',
                    match(pair.2, '^-?[0-9]+$$'), 'int',
                    match(pair.2, '^-?[0-9.]+([eE][-+]?[0-9]+)?$$'), 'double',
                    'json'
                ),
                arrayFilter(pair -> NOT startsWith(pair.2, '"'), metadata_pairs)
            )
        )
    ),
    'Map(LowCardinality(String), LowCardinality(String))'
)

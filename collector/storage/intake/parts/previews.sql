-- What a person would read of input and output: a text, of messages the last asked and the last
-- answered, an only value, else names and values; nothing where nothing is said.
arrayMap(
    (content, text) -> leftUTF8(
        multiIf(
            text != '' OR content IN ('', '{}', '[]', 'null', '""'), text,
            startsWith(content, '[') AND isValidJSON(content),
            arrayStringConcat(JSONExtract(content, 'Array(String)'), ', '),
            startsWith(content, '{') AND isValidJSON(content),
            arrayMap(
                pairs -> if(
                    length(pairs) = 1,
                    pairs[1].2,
                    arrayStringConcat(
                        arrayMap(pair -> concat(pair.1, ': ', pair.2), pairs),
                        ', '
                    )
                ),
                [JSONExtractKeysAndValues(content, 'String')]
            )[1],
            content
        ),
        ${preview_characters}
    ),
    [input, output],
    arrayMap(
        (content, message, text) -> multiIf(
            text != '', text,
            startsWith(content, '['),
            coalesce(
                nullIf(JSONExtractString(content, message, 'content'), ''),
                JSONExtractString(content, message, 'parts', 1, 'name')
            ),
            startsWith(content, '{"messages"'),
            JSONExtractString(content, 'messages', -1, 'content'),
            ''
        ),
        [input, output],
        [-1, 1],
        arrayMap(
            (content, message) -> multiIf(
                startsWith(content, '['),
                JSONExtractString(content, message, 'parts', 1, 'content'),
                startsWith(content, '"'),
                JSONExtractString(content),
                ''
            ),
            [input, output],
            [-1, 1]
        )
    )
)

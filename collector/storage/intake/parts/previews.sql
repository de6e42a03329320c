-- The first words of input and output: of the first message asked and the last answered
-- where they are messages, of the text where they are JSON text.
arrayMap(
    (content, text) -> leftUTF8(if(text = '', content, text), ${preview_characters}),
    [input, output],
    arrayMap(
        (content, message, text) -> if(
            text = '' AND startsWith(content, '['),
            JSONExtractString(content, message, 'content'),
            text
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

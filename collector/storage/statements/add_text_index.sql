-- Finds words and parts of words in the beginnings of input and output: pairs of letters, so
-- that Korean needs no spaces. Only rows that come from now on; the others are asked for apart.
ALTER TABLE spans
    ADD INDEX IF NOT EXISTS input_text lowerUTF8(left(input, 4096)) TYPE text(tokenizer = ngrams(2)),
    ADD INDEX IF NOT EXISTS output_text lowerUTF8(left(output, 4096)) TYPE text(tokenizer = ngrams(2))
SETTINGS alter_sync = 0

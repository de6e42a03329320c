-- Makes the text index of the rows that are there, in the background.
ALTER TABLE spans
    MATERIALIZE INDEX input_text,
    MATERIALIZE INDEX output_text
SETTINGS mutations_sync = 0

-- Gives back what the text index takes of the disk.
ALTER TABLE spans
    DROP INDEX IF EXISTS input_text,
    DROP INDEX IF EXISTS output_text
SETTINGS alter_sync = 0, mutations_sync = 0

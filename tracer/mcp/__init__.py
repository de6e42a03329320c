"""A Model Context Protocol server: assistants read traces, runs and datasets."""

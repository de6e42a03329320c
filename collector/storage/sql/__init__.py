"""SQL that users write: what it may say, and how it runs."""

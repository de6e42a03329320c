"""Questions to the store, one function each; the SQL lies in ``queries/``."""

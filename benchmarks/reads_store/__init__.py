"""A store of ten million spans to read from, made inside the engine."""

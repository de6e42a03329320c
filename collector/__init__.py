"""The service that owns storage: OTLP in, read API out."""

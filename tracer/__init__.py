"""LLM tracing and evaluation for Python."""

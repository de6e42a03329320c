"""Where OTLP is posted: the specification's paths, and Langfuse's."""

from collector.records import Signal

LANGFUSE = "/api/public/otel"
"""Below it Langfuse's clients look for the specification's paths."""

PREFIXES = ("/v1", f"{LANGFUSE}/v1")

SIGNALS: tuple[Signal, ...] = ("traces", "logs", "metrics")


def is_otlp(path: str) -> bool:
    """Return whether who asks there speaks OTLP, and is to be answered in it."""
    return path.startswith(tuple(f"{prefix}/" for prefix in PREFIXES))

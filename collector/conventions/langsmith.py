"""LangSmith's OpenTelemetry exporter."""

from collector.conventions.vendor import Vendor

VENDOR = Vendor(
    name="langsmith",
    kinds={
        "langsmith.span.kind": {
            "llm": "llm",
            "chain": "chain",
            "tool": "tool",
            "retriever": "retriever",
            "embedding": "embedding",
            "prompt": "span",
            "parser": "span",
        },
    },
    user_id=("langsmith.metadata.user_id",),
    session_id=("langsmith.metadata.session_id", "langsmith.metadata.thread_id"),
    tags=("langsmith.span.tags",),
    metadata_prefixes=("langsmith.metadata.",),
    project=("langsmith.trace.session_name",),
)

"""Langfuse's own OpenTelemetry keys (SDK 3 and later)."""

from collector.conventions.vendor import Vendor

VENDOR = Vendor(
    name="langfuse",
    kinds={
        "langfuse.observation.type": {
            "generation": "llm",
            "embedding": "embedding",
            "agent": "agent",
            "tool": "tool",
            "chain": "chain",
            "retriever": "retriever",
            "evaluator": "evaluator",
            "guardrail": "guardrail",
            "event": "span",
        },
    },
    model=("langfuse.observation.model.name",),
    user_id=("langfuse.user.id",),
    session_id=("langfuse.session.id",),
    tags=("langfuse.trace.tags",),
    metadata_prefixes=(
        "langfuse.observation.metadata.",
        "langfuse.trace.metadata.",
    ),
    input=("langfuse.observation.input", "langfuse.trace.input"),
    output=("langfuse.observation.output", "langfuse.trace.output"),
    prompt_name=("langfuse.observation.prompt.name",),
    prompt_version=("langfuse.observation.prompt.version",),
    environment=("langfuse.environment",),
    release=("langfuse.release",),
)

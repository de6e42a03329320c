"""Langfuse's own OpenTelemetry keys (SDK 3 and later)."""

from collector.conventions.vendor import Vendor

_CACHED = ("input_cached_tokens", "input_cache_read", "cache_read_input_tokens")
_USAGE = {
    # OpenAI's names include the cached tokens; Langfuse's own count each token once
    "input_tokens": (
        *("prompt_tokens", "input_tokens", "input", *_CACHED),
        *("cache_creation_input_tokens", "input_cache_creation"),
        *("input_audio_tokens", "input_text_tokens", "input_image_tokens"),
    ),
    "output_tokens": (
        *("completion_tokens", "output_tokens", "output"),
        *("output_reasoning_tokens", "output_reasoning", "output_audio_tokens"),
        *("output_text_tokens", "output_accepted_prediction_tokens"),
        "output_rejected_prediction_tokens",
    ),
    "cache_read_tokens": ("cached_tokens", *_CACHED),
}

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
    usage=("langfuse.observation.usage_details",),
    cost=("langfuse.observation.cost_details",),
    sums={
        "langfuse.observation.usage_details": _USAGE,
        "langfuse.observation.cost_details": {
            "sender_cost_usd": ("total",),
            "parts_of_cost": _USAGE["input_tokens"] + _USAGE["output_tokens"],
        },
    },
    first_token_at=("langfuse.observation.completion_start_time",),
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
    expected=("langfuse.experiment.item.expected_output",),
    evaluation_id=("langfuse.experiment.id",),
    example_id=("langfuse.experiment.item.id",),
    run_name=("langfuse.experiment.name",),
    run_dataset=("langfuse.experiment.dataset.id",),
)

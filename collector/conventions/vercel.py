"""Vercel AI SDK up to 6 (scope ``ai``); 7 speaks the OpenTelemetry conventions."""

from collector.conventions.vendor import Vendor

_MODEL_CALLS = (
    "ai.generatetext.dogenerate",
    "ai.streamtext.dostream",
    "ai.generateobject.dogenerate",
    "ai.streamobject.dostream",
)
_PARENTS = (
    "ai.generatetext",
    "ai.streamtext",
    "ai.generateobject",
    "ai.streamobject",
    # the parents of embedding calls repeat their tokens
    "ai.embed",
    "ai.embedmany",
)

VENDOR = Vendor(
    name="vercel",
    kinds={
        "ai.operationId": dict.fromkeys(_MODEL_CALLS, "llm")
        | dict.fromkeys(_PARENTS, "chain")
        | {
            "ai.embed.doembed": "embedding",
            "ai.embedmany.doembed": "embedding",
            "ai.toolcall": "tool",
        },
    },
    operation=("ai.operationId",),
    provider=("ai.model.provider",),
    model=("ai.response.model", "ai.model.id"),
    input_tokens=(
        "ai.usage.inputTokens",
        "ai.usage.promptTokens",
        "ai.usage.tokens",
    ),
    output_tokens=("ai.usage.outputTokens", "ai.usage.completionTokens"),
    cache_read_tokens=("ai.usage.cachedInputTokens",),
    first_token_events=("ai.stream.firstChunk",),
    time_to_first_token_ms=("ai.response.msToFirstChunk",),
    user_id=("ai.telemetry.metadata.userId",),
    session_id=("ai.telemetry.metadata.sessionId",),
    tags=("ai.telemetry.metadata.tags",),
    metadata_prefixes=("ai.telemetry.metadata.",),
    input=("ai.prompt.messages", "ai.prompt", "ai.toolCall.args", "ai.value"),
    output=(
        "ai.response.text",
        "ai.response.object",
        "ai.response.toolCalls",
        "ai.result.text",
        "ai.result.object",
        "ai.toolCall.result",
    ),
)

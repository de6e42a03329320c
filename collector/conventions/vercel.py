"""Vercel AI SDK up to 6 (scope ``ai``), and what 7 adds to the general conventions."""

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

_PROVIDERS = {
    "openai": "openai",
    "azure": "azure.ai.openai",
    "azure-openai": "azure.ai.openai",
    "anthropic": "anthropic",
    "amazon-bedrock": "aws.bedrock",
    "google.generative-ai": "gcp.gemini",
    "google.vertex": "gcp.vertex_ai",
    "mistral": "mistral_ai",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "groq": "groq",
    "moonshotai": "moonshot_ai",
    "perplexity": "perplexity",
    "xai": "x_ai",
}
_APIS = ("chat", "responses", "completion", "embedding", "messages", "image", "speech")

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
    providers={
        f"{word}{api}": name
        for word, name in _PROVIDERS.items()
        for api in ("", *(f".{api}" for api in _APIS))
        if f"{word}{api}" != name
    },
    model=("ai.response.model", "ai.model.id"),
    input_tokens=(
        "ai.usage.inputTokens",
        "ai.usage.promptTokens",
        "ai.usage.tokens",
    ),
    output_tokens=("ai.usage.outputTokens", "ai.usage.completionTokens"),
    cache_read_tokens=("ai.usage.cachedInputTokens",),
    # as version 7 calls it
    time_to_first_token_s=("gen_ai.client.operation.time_to_first_chunk",),
    first_token_events=("ai.stream.firstChunk",),
    time_to_first_token_ms=("ai.response.msToFirstChunk",),
    user_id=("ai.telemetry.metadata.userId", "ai.settings.context.userId"),
    session_id=(
        "ai.telemetry.metadata.sessionId",
        "ai.settings.context.sessionId",
    ),
    tags=("ai.telemetry.metadata.tags", "ai.settings.context.tags"),
    metadata_prefixes=("ai.telemetry.metadata.", "ai.settings.context."),
    input=(
        "ai.prompt.messages",
        "ai.prompt",
        "ai.toolCall.args",
        "ai.value",
        "ai.values",
    ),
    output=(
        "ai.response.text",
        "ai.response.object",
        "ai.response.toolCalls",
        "ai.result.text",
        "ai.result.object",
        "ai.toolCall.result",
    ),
)

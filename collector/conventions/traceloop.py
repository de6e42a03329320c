"""OpenLLMetry (Traceloop)."""

from collector.conventions.vendor import Vendor

VENDOR = Vendor(
    name="traceloop",
    kinds={
        "traceloop.span.kind": {
            "workflow": "chain",
            "task": "span",
            "agent": "agent",
            "tool": "tool",
        },
        "llm.request.type": {
            "chat": "llm",
            "completion": "llm",
            "embedding": "embedding",
            "rerank": "reranker",
        },
    },
    cache_read_tokens=("gen_ai.usage.cache_read_tokens",),
    first_token_events=(
        "gen_ai.content.completion.chunk",
        "llm.content.completion.chunk",
    ),
    user_id=(
        "traceloop.association.properties.user_id",
        "llm.user",
        "gen_ai.user",
    ),
    session_id=("traceloop.association.properties.session_id",),
    metadata_prefixes=("traceloop.association.properties.",),
    input=("traceloop.entity.input",),
    output=("traceloop.entity.output",),
    prompt_name=("traceloop.prompt.key",),
    prompt_version=("traceloop.prompt.version",),
)

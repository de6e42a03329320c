"""OpenInference (Arize Phoenix)."""

from collector.conventions.vendor import Vendor

VENDOR = Vendor(
    name="openinference",
    kinds={
        "openinference.span.kind": {
            "llm": "llm",
            "embedding": "embedding",
            "chain": "chain",
            "retriever": "retriever",
            "reranker": "reranker",
            "tool": "tool",
            "agent": "agent",
            "guardrail": "guardrail",
            "evaluator": "evaluator",
            "prompt": "span",
            "decision": "span",
        },
    },
    provider=("llm.provider", "llm.system"),
    model=("llm.response.model_name", "llm.model_name", "embedding.model_name"),
    model_within=("llm.invocation_parameters", "embedding.invocation_parameters"),
    input_tokens=("llm.token_count.prompt",),
    output_tokens=("llm.token_count.completion",),
    cache_read_tokens=("llm.token_count.prompt_details.cache_read",),
    sender_cost_usd=("llm.cost.total",),
    first_token_events=("First Token Stream Event",),
    tags=("tag.tags",),
    metadata_json=("metadata",),
    input=("input.value",),
    output=("output.value",),
    prompt_name=("llm.prompt_template.name", "prompt.id"),
    prompt_version=("llm.prompt_template.version",),
    project=("openinference.project.name",),
)

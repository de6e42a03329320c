"""MLflow; it writes every value as JSON text, so words come in quotes."""

from collector.conventions.vendor import Vendor

_KINDS = {
    "llm": "llm",
    "chat_model": "llm",
    "embedding": "embedding",
    "chain": "chain",
    "agent": "agent",
    "tool": "tool",
    "retriever": "retriever",
    "reranker": "reranker",
    "guardrail": "guardrail",
    "evaluator": "evaluator",
}

VENDOR = Vendor(
    name="mlflow",
    kinds={
        "mlflow.spanType": _KINDS | {f'"{word}"': kind for word, kind in _KINDS.items()}
    },
    provider=("mlflow.llm.provider",),
    # a call that failed has only the second
    model=("mlflow.llm.model", "model"),
    usage=("mlflow.chat.tokenUsage",),
    cost=("mlflow.llm.cost",),
    sums={
        "mlflow.chat.tokenUsage": {
            "input_tokens": ("input_tokens",),
            "output_tokens": ("output_tokens",),
            "cache_read_tokens": ("cache_read_input_tokens",),
        },
        "mlflow.llm.cost": {
            "sender_cost_usd": ("total_cost",),
            "parts_of_cost": ("input_cost", "output_cost"),
        },
    },
    metadata_prefixes=("mlflow.traceTag.",),
    input=("mlflow.spanInputs",),
    output=("mlflow.spanOutputs",),
)

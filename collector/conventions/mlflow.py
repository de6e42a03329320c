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
    model=("mlflow.llm.model",),
    metadata_prefixes=("mlflow.traceTag.",),
    input=("mlflow.spanInputs",),
    output=("mlflow.spanOutputs",),
)

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
    provider=("langsmith.metadata.ls_provider",),
    providers={
        "langchain": "",  # said of all whose provider it cannot guess
        "azure": "azure.ai.openai",
        "amazon_bedrock": "aws.bedrock",
        "google_genai": "gcp.gemini",
        "google_vertexai": "gcp.vertex_ai",
        "mistralai": "mistral_ai",
    },
    usage=("langsmith.metadata.usage_metadata", "gen_ai.usage.input_token_details"),
    sums={
        "langsmith.metadata.usage_metadata": {
            "input_tokens": ("input_tokens",),
            "output_tokens": ("output_tokens",),
            "cache_read_tokens": ("cache_read",),
        },
        "gen_ai.usage.input_token_details": {"cache_read_tokens": ("cache_read",)},
    },
    user_id=("langsmith.metadata.user_id",),
    session_id=("langsmith.metadata.session_id", "langsmith.metadata.thread_id"),
    tags=("langsmith.span.tags",),
    metadata_prefixes=("langsmith.metadata.",),
    prompt_name=("langsmith.metadata.lc_hub_repo",),
    prompt_version=("langsmith.metadata.lc_hub_commit_hash",),
    fails_by_exception=("langsmith",),
    project=("langsmith.trace.session_name",),
)

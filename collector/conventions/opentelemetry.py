"""OpenTelemetry's GenAI conventions, newest names first, then those up to 1.36."""

from collector.conventions.vendor import Vendor
from tracer import semconv

VENDOR = Vendor(
    name="opentelemetry",
    kinds={
        semconv.OPERATION_NAME: dict(semconv.KIND_OF_OPERATION)
        # written by bridges of frameworks, not by the convention
        | {
            "chain": "chain",
            "tool": "tool",
            "retriever": "retriever",
            "agent_step": "chain",
        },
    },
    operation=(semconv.OPERATION_NAME,),
    provider=(semconv.PROVIDER_NAME, "gen_ai.system"),
    model=(semconv.RESPONSE_MODEL, semconv.REQUEST_MODEL),
    input_tokens=(semconv.USAGE_INPUT_TOKENS, "gen_ai.usage.prompt_tokens"),
    output_tokens=(semconv.USAGE_OUTPUT_TOKENS, "gen_ai.usage.completion_tokens"),
    cache_read_tokens=(
        semconv.USAGE_CACHE_READ_INPUT_TOKENS,
        "gen_ai.usage.cache_read_input_tokens",
    ),
    sender_cost_usd=(semconv.USAGE_COST,),
    time_to_first_token_s=(
        semconv.RESPONSE_TIME_TO_FIRST_CHUNK,
        "gen_ai.server.time_to_first_token",
    ),
    user_id=("enduser.id",),
    session_id=(semconv.CONVERSATION_ID,),
    input=(
        semconv.INPUT_MESSAGES,
        "gen_ai.prompt",
        "gen_ai.tool.call.arguments",
        "gen_ai.retrieval.query.text",
    ),
    output=(
        semconv.OUTPUT_MESSAGES,
        "gen_ai.completion",
        "gen_ai.tool.call.result",
        "gen_ai.retrieval.documents",
    ),
    environment=("deployment.environment",),
    tool=(semconv.TOOL_NAME, semconv.TOOL_CALL_ID),
)

"""Pydantic's Logfire and Pydantic AI, where they leave the general conventions."""

from collector.conventions.vendor import Vendor

VENDOR = Vendor(
    name="logfire",
    input_tokens=("gen_ai.aggregated_usage.input_tokens",),
    output_tokens=("gen_ai.aggregated_usage.output_tokens",),
    cache_read_tokens=("gen_ai.aggregated_usage.cache_read.input_tokens",),
    sender_cost_usd=("operation.cost",),
    time_to_first_token_s=("gen_ai.client.operation.time_to_first_chunk",),
    tags=("logfire.tags",),
    input=(
        "pydantic_ai.all_messages",
        "all_messages_events",
        "tool_arguments",
        "request_data",
    ),
    output=("final_result", "tool_response", "response_data", "return"),
    stage=("logfire.span_type",),
    unfinished=("pending_span",),
    hidden=("[Scrubbed due to ",),
)

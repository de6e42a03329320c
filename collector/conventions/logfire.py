"""Pydantic's Logfire and Pydantic AI, where they leave the general conventions."""

from collector.conventions.vendor import Vendor

VENDOR = Vendor(
    name="logfire",
    sender_cost_usd=("operation.cost",),
    tags=("logfire.tags",),
    input=(
        "pydantic_ai.all_messages",
        "all_messages_events",
        "tool_arguments",
        "request_data",
    ),
    output=("final_result", "tool_response", "response_data"),
)

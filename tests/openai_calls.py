"""What the tests of the OpenAI room ask, spelt once."""

from typing import Any

MODEL = "gpt-4o-mini"
ASK: dict[str, Any] = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "hi there"}],
}
"""A question that the server answers with "I do not have that information."."""

ORDER_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "order_status",
        "description": "Where an order is.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"order_id": {"type": "string"}},
            "required": ["order_id"],
            "additionalProperties": False,
        },
    },
}
ASK_TOOLS: dict[str, Any] = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "Where are A-1234 and B-2222?"}],
    "tools": [ORDER_TOOL],
}
"""A question that the server answers with two parallel tool calls."""

USAGE_TOO: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}


def scenario(name: str) -> dict[str, Any]:
    """Ask the server to behave in a named way."""
    return {"extra_headers": {"x-scenario": name}}

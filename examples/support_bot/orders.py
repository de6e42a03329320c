"""The tool that the model may call: where an order is."""

import json
from typing import Any

import tracer

ORDER_STATUS: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "order_status",
        "description": "Look up where an order is.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"order_id": {"type": "string"}},
            "required": ["order_id"],
            "additionalProperties": False,
        },
    },
}

_ORDERS = {
    "A-1042": {"status": "on its way (배송 중)", "arrives": "Thursday (목요일)"},
    "B-2001": {"status": "delivered (배송 완료)", "arrives": "Monday (월요일)"},
}


@tracer.trace(kind="tool")
def order_status(order_id: str) -> dict[str, str]:
    """Return status and day of arrival of an order.

    Raises:
        TimeoutError: The warehouse did not answer, as it never does for orders on 99.
        KeyError: There is no such order.
    """
    if order_id.endswith("99"):
        raise TimeoutError(f"the warehouse did not answer within 2 s for {order_id}")
    return {"order_id": order_id, **_ORDERS[order_id]}


def call_tool(arguments: str) -> str:
    """Run the tool for the model: JSON text in, JSON text out, errors told as such."""
    try:
        result = order_status(**json.loads(arguments))
    except (TimeoutError, KeyError, TypeError, ValueError) as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    return json.dumps(result, ensure_ascii=False)

"""A response that is cut short keeps what had come of each kind of item."""

from typing import Any

import pytest

from tracer._openai.responses import read_response
from tracer._openai.responses_stream import ResponsesJoiner

CALL = {"id": "c1", "call_id": "c1", "name": "look_up"}


def parts_of(item: dict[str, Any], *pieces: tuple[str, Any], end: bool = False) -> Any:
    """Return what is recorded of an item that is added, spoken, and perhaps done."""
    joiner = ResponsesJoiner()
    place = {"output_index": 0}
    started = {"type": "response.created", "response": {"id": "r1", "output": []}}
    joiner.add([started, {"type": "response.output_item.added", "item": item, **place}])
    joiner.add({"type": f"response.{kind}", "delta": d, **place} for kind, d in pieces)
    if end:
        done = {"type": "response.output_item.done", "item": item, **place}
        joiner.add([done])
    [message] = read_response(joiner.joined()).content["gen_ai.output.messages"]
    return message["parts"]


@pytest.mark.parametrize(
    ("item", "kind", "part"),
    [
        (
            {"type": "message"},
            "output_text.delta",
            {"type": "text", "content": "서울"},
        ),
        (
            {"type": "message"},
            "refusal.delta",
            {"type": "refusal", "content": "서울"},
        ),
        (
            {"type": "reasoning", "summary": []},
            "reasoning_text.delta",
            {"type": "reasoning", "content": "서울"},
        ),
        (
            {"type": "reasoning", "summary": []},
            "reasoning_summary_text.delta",
            {"type": "reasoning", "content": "서울"},
        ),
        (
            {"type": "function_call", "arguments": "", **CALL},
            "function_call_arguments.delta",
            {"type": "tool_call", "id": "c1", "name": "look_up", "arguments": "서울"},
        ),
        (
            {"type": "custom_tool_call", "input": "", **CALL},
            "custom_tool_call_input.delta",
            {"type": "tool_call", "id": "c1", "name": "look_up", "arguments": "서울"},
        ),
        (
            {"type": "mcp_call", "id": "c1", "name": "look_up", "arguments": ""},
            "mcp_call_arguments.delta",
            {
                "type": "server_tool_call",
                "id": "c1",
                "name": "look_up",
                "server_tool_call": {
                    "type": "mcp",
                    "name": "look_up",
                    "arguments": "서울",
                },
            },
        ),
        (
            {"type": "code_interpreter_call", "id": "c1", "code": None},
            "code_interpreter_call_code.delta",
            {
                "type": "server_tool_call",
                "id": "c1",
                "name": "code_interpreter",
                "server_tool_call": {"type": "code_interpreter", "code": "서울"},
            },
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_pieces_of_an_item_are_joined(
    item: dict[str, Any], kind: str, part: dict[str, Any]
) -> None:
    assert parts_of(item, (kind, "서"), (kind, None), (kind, "울")) == [part]


def test_an_item_that_was_done_is_as_it_was_told_at_its_end() -> None:
    whole = {"type": "message", "content": [{"type": "output_text", "text": "all"}]}
    pieces = ("output_text.delta", "al")
    assert parts_of(whole, pieces, end=True) == [{"type": "text", "content": "all"}]

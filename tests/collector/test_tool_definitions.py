"""Every sender's tools in one form."""

import json
from typing import Any

import pytest

from collector.conversation.messages import assemble

SCHEMA = {"type": "object", "properties": {"q": {"type": "string"}}}
FIND = {"name": "find", "description": "찾는다", "parameters": SCHEMA}
TOOL = {"type": "function"} | FIND
OPENAI = {"type": "function", "function": FIND}
VERCEL = {"type": "function", "name": "find", "description": "찾는다"} | {
    "inputSchema": SCHEMA
}
REQUEST = json.dumps({"messages": [], "tools": [OPENAI]})


@pytest.mark.parametrize(
    "attributes",
    [
        {"gen_ai.tool.definitions": json.dumps([TOOL])},
        {"gen_ai.tool.definitions": [OPENAI]},
        {"gen_ai.tool.definitions": json.dumps([VERCEL])},
        {"ai.prompt.tools": [json.dumps(VERCEL)]},
        {"mlflow.chat.tools": json.dumps([OPENAI])},
        {"langfuse.observation.input": REQUEST},
        {"gen_ai.prompt": REQUEST},
        {"llm.tools.0.tool.json_schema": json.dumps(OPENAI)},
        {
            "llm.request.functions.0.name": "find",
            "llm.request.functions.0.description": "찾는다",
            "llm.request.functions.0.parameters": json.dumps(SCHEMA),
        },
    ],
)
def test_a_tool_looks_the_same_from_every_sender(attributes: dict[str, Any]) -> None:
    assert assemble(attributes).tool_definitions == [TOOL]


def test_a_call_without_tools_has_none() -> None:
    assert assemble({"gen_ai.prompt": '{"messages": []}'}).tool_definitions is None


def test_what_is_no_tool_is_shown_as_it_was_sent() -> None:
    assert assemble({"ai.prompt.tools": ["code"]}).tool_definitions == ["code"]


def test_a_tools_answer_from_vercel_is_that_of_the_tool() -> None:
    answer = {"type": "json", "value": {"eta": "내일"}}
    result = {"type": "tool-result", "toolCallId": "c1", "output": answer}
    told = [{"role": "tool", "content": [result | {"toolName": "find"}]}]
    found = assemble({"ai.prompt.messages": json.dumps(told)}).messages
    part = {"type": "tool_call_response", "id": "c1", "response": {"eta": "내일"}}
    assert found == [{"role": "tool", "parts": [part]}]


def test_arguments_that_are_json_text_are_read() -> None:
    part = {"type": "tool_call", "id": "c", "name": "find", "arguments": '{"q": 1}'}
    told = [{"role": "assistant", "parts": [part]}]
    found = assemble({"gen_ai.output.messages": json.dumps(told)}).messages
    read = part | {"arguments": {"q": 1}}
    assert found == [{"role": "assistant", "parts": [read]}]

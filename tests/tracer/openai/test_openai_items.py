"""What the API's own tools did can be read on the span; what is large cannot."""

from typing import Any

import pytest
from openai_calls import MODEL, scenario
from openai_ways import Way

from examples.openai_server.server_tools import PICTURE
from tracer._openai.items import item_parts
from tracer._openai.responses import read_request
from tracer.testing import Captured

ASK: dict[str, Any] = {"model": MODEL, "input": "hi there", "temperature": 0}
BLOB = "A" * 40_000


def parts(captured: Captured) -> list[dict[str, Any]]:
    [message] = captured.spans[-1].content["gen_ai.output.messages"]
    found: list[dict[str, Any]] = message["parts"]
    return found


@pytest.mark.parametrize("streamed", [False, True])
async def test_queries_code_arguments_and_results_of_server_tools_are_kept(
    way: Way, captured: Captured, streamed: bool
) -> None:
    ask = way.stream if streamed else way.ask
    await ask("responses.create", **ASK, **scenario("server-tools"))
    calls = {
        part["name"]: part["server_tool_call"]
        for part in parts(captured)
        if part["type"] == "server_tool_call"
    }
    answers = {
        part["server_tool_call_response"]["type"]: part["server_tool_call_response"]
        for part in parts(captured)
        if part["type"] == "server_tool_call_response"
    }

    assert calls["web_search"]["action"]["query"] == "refund policy"
    assert calls["file_search"]["queries"] == ["refunds"]
    assert answers["file_search"]["results"][0]["text"] == "14 days"
    assert calls["code_interpreter"]["code"] == "print(6 * 7)"
    assert answers["code_interpreter"]["outputs"][0]["logs"] == "42\n"
    assert calls["order_status"]["arguments"] == {"order_id": "A-1234"}
    assert answers["mcp"]["output"] == '{"status": "shipped"}'
    assert calls["image_generation"]["revised_prompt"] == "A blue chart"
    assert calls["computer"]["action"]["x"] == 3
    assert calls["shell"]["action"]["commands"] == ["ls -l"]
    assert PICTURE[:100] not in repr(captured.spans)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            {"type": "mcp_call", "id": "m", "name": "f", "error": "no such order"},
            [
                {
                    "type": "server_tool_call",
                    "id": "m",
                    "name": "f",
                    "server_tool_call": {"type": "mcp", "name": "f"},
                },
                {
                    "type": "server_tool_call_response",
                    "id": "m",
                    "server_tool_call_response": {
                        "type": "mcp",
                        "error": "no such order",
                    },
                },
            ],
        ),
        (
            {"type": "image_generation_call", "id": "i", "result": "AAAA"},
            [
                {
                    "type": "server_tool_call",
                    "id": "i",
                    "name": "image_generation",
                    "server_tool_call": {"type": "image_generation"},
                },
                {
                    "type": "blob",
                    "modality": "image",
                    "mime_type": "image/png",
                    "size_bytes": 3,
                },
            ],
        ),
        (
            {
                "type": "computer_call_output",
                "call_id": "c",
                "output": {
                    "type": "computer_screenshot",
                    "image_url": f"data:image/png;base64,{BLOB}",
                },
            },
            [
                {
                    "type": "tool_call_response",
                    "id": "c",
                    "response": {
                        "type": "computer_screenshot",
                        "image_url": "<image/png: 30,000 bytes>",
                    },
                }
            ],
        ),
        (
            {
                "type": "shell_call_output",
                "call_id": "s",
                "output": [{"stdout": "x", "outcome": {"type": "exit"}}],
            },
            [
                {
                    "type": "tool_call_response",
                    "id": "s",
                    "response": [{"stdout": "x", "outcome": {"type": "exit"}}],
                }
            ],
        ),
        (
            {
                "type": "function_call_output",
                "call_id": "f",
                "output": [
                    {"type": "input_text", "text": "here"},
                    {
                        "type": "input_image",
                        "image_url": f"data:image/png;base64,{BLOB}",
                    },
                ],
            },
            [
                {
                    "type": "tool_call_response",
                    "id": "f",
                    "response": [
                        {"type": "text", "content": "here"},
                        {
                            "type": "blob",
                            "modality": "image",
                            "mime_type": "image/png",
                            "size_bytes": 30_000,
                        },
                    ],
                }
            ],
        ),
        (
            {"type": "compaction", "id": "k", "encrypted_content": BLOB},
            [{"type": "compaction", "id": "k"}],
        ),
        ({"type": "reasoning", "summary": [], "encrypted_content": BLOB}, []),
        (
            {"type": "item_reference", "id": "msg_1"},
            [{"type": "item_reference", "id": "msg_1"}],
        ),
    ],
)
def test_an_item_becomes_parts(item: Any, expected: list[dict[str, Any]]) -> None:
    assert item_parts(item) == expected


def test_pictures_and_files_of_an_input_are_references() -> None:
    content = [
        {"type": "input_image", "image_url": f"data:image/webp;base64,{BLOB}"},
        {"type": "input_file", "filename": "a.pdf", "file_data": BLOB},
        {"type": "input_file", "file_url": "https://a/b.pdf"},
        {"type": "input_audio", "input_audio": {"data": BLOB, "format": "mp3"}},
    ]
    read = read_request({"input": [{"role": "user", "content": content}]})

    [message] = read.content["gen_ai.input.messages"]
    assert [part.get("size_bytes") for part in message["parts"]] == [
        30_000,
        30_000,
        None,
        30_000,
    ]
    assert BLOB[:2_000] not in repr(read)


def test_what_logs_in_at_an_mcp_server_stays_out() -> None:
    tool = {
        "type": "mcp",
        "server_label": "orders",
        "server_url": "https://orders.example",
        "headers": {"X-Shop": "hush"},
        "authorization": "hush",
    }
    read = read_request({"tools": [tool]})

    [definition] = read.content["gen_ai.tool.definitions"]
    assert definition["name"] == "orders"
    assert "hush" not in repr(read)

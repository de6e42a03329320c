"""A recorded call becomes the request that made it, as a program that runs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pydantic
import pytest
from openai import OpenAI
from openai_calls import ASK, ASK_TOOLS, MODEL, ORDER_TOOL, parsing

import tracer
from dashboard.shaping.conversation.openai_request import (
    Request,
    address_of,
    request_of,
)
from dashboard.shaping.traces import as_code
from examples import openai_server
from tracer.client import Client

KEY = "sk-never-in-the-code"
FLIGHT = "Tell me of A-1234 in Seoul: 환불 규정은 무엇인가요?"
ANSWERED: dict[str, Any] = {
    **ASK_TOOLS,
    "messages": [
        {"role": "system", "content": "Answer 'shortly'.\n\"Quoted\" \\ 漢字"},
        {"role": "user", "content": "Where is A-1234?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {
                        "name": "order_status",
                        "arguments": '{"order_id": "A-1234"}',
                    },
                }
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": '{"state": "배송 중"}'},
    ],
    "temperature": 0,
    "tool_choice": "auto",
}


class Ticket(pydantic.BaseModel):
    subject: str
    urgency: int


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with openai_server.running() as base_url:
        yield base_url


@pytest.fixture
def client(server: str, live: Client) -> OpenAI:
    return tracer.wrap_openai(OpenAI(base_url=server, api_key=KEY))


def recorded(live: Client, project: str) -> dict[str, Any]:
    """Return the only model call of a project, as the dashboard reads it."""
    tracer.flush()
    [row] = live.spans(project=project)
    return live.span(row["trace_id"], row["span_id"])


def run(program: str, server: str, *, shell: bool = False) -> str:
    command = ["sh", "-c", program] if shell else [sys.executable, "-c", program]
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | {"OPENAI_BASE_URL": server, "OPENAI_API_KEY": KEY},
    )
    return ended.stdout


def request_in(span: dict[str, Any]) -> Request:
    found = request_of(span)
    assert found is not None
    return found


NOTES = {name: name for name in ("media", "schema", "dimensions")} | {
    "address": "it went to {address}"
}

CHATS: dict[str, dict[str, Any]] = {
    "plain": {**ASK, "temperature": 0.0, "max_tokens": 7, "seed": 3, "stop": ["zz"]},
    "tools": {**ASK_TOOLS, "temperature": 0, "parallel_tool_calls": True},
    "answered": ANSWERED,
    "forced": {
        **ASK_TOOLS,
        "tool_choice": {"type": "function", "function": {"name": "order_status"}},
        "seed": 1,
    },
    "picture": {
        "model": MODEL,
        "seed": 1,
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "what is this?"},
                    {"type": "image_url", "image_url": {"url": "http://a.test/b.png"}},
                ],
            }
        ],
    },
    "json": {**ASK, "response_format": {"type": "json_object"}, "seed": 1},
}


@pytest.mark.parametrize("name", CHATS)
def test_a_chat_becomes_the_request_that_it_was(
    live: Client, project: str, client: OpenAI, name: str
) -> None:
    asked = CHATS[name]
    client.chat.completions.create(**asked)
    request = request_in(recorded(live, project))

    expected = dict(asked)
    if "max_tokens" in expected:
        expected["max_completion_tokens"] = expected.pop("max_tokens")
    assert request.path == "chat/completions"
    assert request.body == expected
    assert request.missing == frozenset()


@pytest.mark.parametrize("name", ["plain", "tools", "answered", "picture"])
def test_a_chat_as_python_runs_and_is_answered_the_same(
    live: Client, project: str, client: OpenAI, server: str, name: str
) -> None:
    answer = client.chat.completions.create(**CHATS[name]).choices[0].message
    span = recorded(live, project)
    program = as_code.python(request_in(span), notes=NOTES, address=address_of(span))

    assert KEY not in program
    assert f"# it went to {server.split('/')[2]}" in program
    said = run(program, server)
    wanted = answer.content or answer.tool_calls[0].function.arguments  # type: ignore[index, union-attr]
    assert repr(wanted) in said


def test_a_chat_as_curl_runs_and_is_answered_the_same(
    live: Client, project: str, client: OpenAI, server: str
) -> None:
    answer = client.chat.completions.create(**ANSWERED).choices[0].message.content
    program = as_code.curl(request_in(recorded(live, project)), notes=NOTES)

    assert KEY not in program
    answered = json.loads(run(program, server, shell=True))
    assert answered["choices"][0]["message"]["content"] == answer


def test_a_streamed_chat_is_streamed_again(
    live: Client, project: str, client: OpenAI, server: str
) -> None:
    asked = {**ASK, "temperature": 0, "stream": True}
    said = "".join(
        chunk.choices[0].delta.content or ""
        for chunk in client.chat.completions.create(**asked)
        if chunk.choices
    )
    request = request_in(recorded(live, project))

    assert request.is_streamed
    assert run(as_code.python(request, notes=NOTES), server) == said


def test_the_schema_that_an_answer_had_to_follow_is_asked_for_again(
    live: Client, project: str, client: OpenAI, server: str
) -> None:
    parsing(client).parse(**ASK, response_format=Ticket)
    request = request_in(recorded(live, project))

    form = request.body["response_format"]
    assert form["json_schema"]["name"] == "Ticket"
    said = run(as_code.python(request, notes=NOTES), server)
    assert '"urgency": 7' in said


def test_a_response_becomes_the_request_that_it_was_and_runs(
    live: Client, project: str, client: OpenAI, server: str
) -> None:
    tool = {"type": "function", **ORDER_TOOL["function"]}
    asked: dict[str, Any] = {
        "model": MODEL,
        "instructions": "Be short.",
        "input": [
            {"role": "user", "content": FLIGHT},
            {
                "type": "function_call",
                "call_id": "call_1",
                "name": "order_status",
                "arguments": '{"order_id": "A-1234"}',
            },
            {"type": "function_call_output", "call_id": "call_1", "output": "배송 중"},
        ],
        "tools": [tool],
        "temperature": 0.0,
        "max_output_tokens": 100,
        "reasoning": {"effort": "low"},
        "text": {"verbosity": "low"},
    }
    answer = client.responses.create(**asked)
    request = request_in(recorded(live, project))

    assert request.path == "responses"
    assert request.body == asked
    assert run(as_code.python(request, notes=NOTES), server).strip() == (
        answer.output_text
    )
    program = as_code.curl(request, notes=NOTES)
    answered = json.loads(run(program, server, shell=True))
    assert answered["output"][0]["content"][0]["text"] == answer.output_text


def test_embeddings_and_completions_run_again(
    live: Client, project: str, client: OpenAI, server: str
) -> None:
    client.embeddings.create(model="text-embedding-3-small", input=["one", "둘"])
    request = request_in(recorded(live, project))
    assert request.body["input"] == ["one", "둘"]
    assert run(as_code.python(request, notes=NOTES), server).startswith("2 ")

    other = Request(
        "completions", {"model": MODEL, "prompt": "Once", "temperature": 0, "top_k": 5}
    )
    program = as_code.python(other, notes=NOTES)
    assert 'extra_body={"top_k": 5}' in program
    assert run(program, server).strip()


def test_what_was_not_recorded_is_said_in_the_program() -> None:
    audio = {"type": "blob", "modality": "audio", "mime_type": "audio/wav"}
    span = model_call([{"role": "user", "parts": [{**audio, "size_bytes": 12}]}])
    request = request_in(span)

    assert request.missing == {"media"}
    assert request.body["messages"] == [
        {"role": "user", "content": "[audio · blob: audio/wav · 12 bytes]"}
    ]
    assert "# media" in as_code.python(request, notes=NOTES)


def test_a_step_that_is_no_call_has_no_request() -> None:
    said = [{"role": "user", "parts": [{"type": "text", "content": "hi"}]}]
    assert request_of(model_call(said) | {"kind": "tool"}) is None
    assert request_of(model_call([])) is None
    assert request_of(model_call(said) | {"n_input_messages": 0}) is None


@pytest.mark.parametrize(
    "host", ["a.test\nimport os", "a.test' + x", "", 5, "a b", "[::1]; rm"]
)
def test_an_address_that_is_none_never_gets_into_a_program(host: object) -> None:
    span = {"attributes": {"server.address": host, "server.port": 80}}
    assert address_of(span) == ""


def test_texts_of_any_kind_are_written_so_that_python_reads_them_back() -> None:
    texts = ["'''\"\"\"\\", "\u2028\x00\x7f", "\ud800 half", "漢字😀", "JSON\nJSON\n"]
    body = {
        "model": MODEL,
        "messages": [{"role": "user", "content": text} for text in texts],
    }
    program = as_code.python(Request("chat/completions", body), notes=NOTES)
    asked: list[Any] = []

    class Recorder:
        chat = completions = property(lambda self: self)

        def create(self, **given: Any) -> Any:
            asked.append(given)
            raise InterruptedError

    program = program.replace("from openai import OpenAI", "")
    with pytest.raises(InterruptedError):
        exec(program, {"OpenAI": Recorder})
    assert asked == [body]


def model_call(asked: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": "llm",
        "operation": "chat",
        "model": MODEL,
        "attributes": {},
        "messages": asked,
        "n_input_messages": len(asked),
        "tool_definitions": None,
        "input": None,
    }

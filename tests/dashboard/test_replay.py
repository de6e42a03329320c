"""A recorded call is made again where the process was told to, and held against."""

from collections.abc import Iterator
from typing import Any

import pytest
from dashboard_pages import components, page, rows, said
from openai import OpenAI
from processes import CollectorProcess

import tracer
from dashboard import replay
from dashboard.replay import Endpoint, endpoints
from dashboard.shaping.conversation.openai_request import request_of
from dashboard.texts import text
from examples import openai_server
from tracer.client import Client
from tracer.errors import ConfigurationError

KEY = "sk-that-no-page-shows"
ASKED: dict[str, Any] = {
    "model": "gpt-4o-mini",
    "messages": [{"role": "user", "content": "Where is my parcel? 배송은요?"}],
    "temperature": 0.0,
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with openai_server.running() as base_url:
        yield base_url


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "TRACER_REPLAY_ENDPOINTS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def call(live: Client, project: str, server: str) -> dict[str, Any]:
    """A model call that was recorded."""
    client = tracer.wrap_openai(OpenAI(base_url=server, api_key=KEY))
    client.chat.completions.create(**ASKED)
    tracer.flush()
    [row] = live.spans(project=project)
    return live.span(row["trace_id"], row["span_id"])


def test_calls_go_only_where_the_process_was_told_to() -> None:
    assert endpoints({}) == []
    assert endpoints({"OPENAI_API_KEY": "x"}) == [
        Endpoint("https://api.openai.com/v1", "OPENAI_API_KEY")
    ]
    named = {
        "OPENAI_BASE_URL": "http://127.0.0.1:8000/v1/",
        "TRACER_REPLAY_ENDPOINTS": "http://gpu:8000/v1?a=b, GROQ=https://g.test/v1,",
    }
    assert endpoints(named) == [
        Endpoint("http://127.0.0.1:8000/v1", None),
        Endpoint("http://gpu:8000/v1?a=b", None),
        Endpoint("https://g.test/v1", "GROQ"),
    ]


@pytest.mark.parametrize(
    "address",
    ["gpu:8000", "ftp://a.test/v1", "http://user:secret@a.test/v1", "http://"],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="replay endpoint"):
        endpoints({"TRACER_REPLAY_ENDPOINTS": address})


def test_a_call_made_again_is_traced_into_its_project(
    call: dict[str, Any],
    live: Client,
    collector: CollectorProcess,
    server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    request = request_of(call)
    assert request is not None
    where = {"url": collector.url, "api_key": ""}
    asked = request.with_changes(model="gpt-4o", temperature=None)
    made = replay.replay(
        asked, Endpoint(server, "OPENAI_API_KEY"), span=call, collector=where
    )

    assert (made.error, made.not_stored) == (None, None)
    marked = [("metadata.replay_id", "=", made.replay_id)]
    [row] = live.spans(project=call["project"], where=marked)
    assert row["metadata"]["replay_of"] == call["trace_id"]
    assert row["metadata"]["replay_of_span"] == call["span_id"]
    assert (row["environment"], row["tags"]) == ("replay", ["replay"])
    again = live.span(row["trace_id"], row["span_id"])
    assert again["attributes"]["gen_ai.request.model"] == "gpt-4o"
    assert "gen_ai.request.temperature" not in again["attributes"]
    assert again["messages"][0] == call["messages"][0]
    assert KEY not in str(again)


def test_a_server_that_refuses_says_why_without_the_key(
    call: dict[str, Any],
    collector: CollectorProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    request = request_of(call)
    assert request is not None
    where = {"url": collector.url, "api_key": ""}
    nobody = Endpoint("http://127.0.0.1:9/v1", "OPENAI_API_KEY")
    made = replay.replay(request, nobody, span=call, collector=where)

    assert made.error is not None
    assert "APIConnectionError" in made.error
    assert KEY not in made.error


def test_without_an_endpoint_the_page_teaches_how_to_give_one(
    call: dict[str, Any], collector: CollectorProcess
) -> None:
    app = page(collector, "traces", trace=call["trace_id"], look="replay")

    assert [info.value for info in app.info] == [text("step_replay.off_body")]
    assert "OPENAI_BASE_URL" in app.code[-1].value


def test_a_call_is_made_after_it_was_confirmed_and_then_compared(
    call: dict[str, Any],
    collector: CollectorProcess,
    server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    app = page(collector, "traces", trace=call["trace_id"], look="replay")
    key = f"replay-{call['span_id']}"
    app.text_input(key=f"{key}-model").set_value("gpt-4o").run()
    app.button(key=f"{key}-begin").click().run()
    [warning] = app.warning
    assert "gpt-4o" in said(warning)
    app.button(key=f"{key}-sure").click().run()

    assert not app.exception
    assert [said(each) for each in (*app.error, *app.warning)] == []
    assert app.query_params["look"] == "compare"
    shown = components(app)
    [table] = [name for name in shown if name.startswith("compared-")]
    compared = {row["what"]["text"]: row for row in rows(app, table)}
    assert compared["gen_ai.request.model"]["right"]["text"] == "gpt-4o"
    [diff] = [name for name in shown if name.startswith("diff-output-")]
    assert shown[diff]["pieces"]
    assert KEY not in str(shown)


def test_a_call_that_was_not_confirmed_is_not_made(
    call: dict[str, Any],
    collector: CollectorProcess,
    live: Client,
    server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server)
    app = page(collector, "traces", trace=call["trace_id"], look="replay")
    key = f"replay-{call['span_id']}"
    app.button(key=f"{key}-begin").click().run()
    app.button(key=f"{key}-cancel").click().run()

    assert not app.warning
    assert len(live.spans(project=call["project"])) == 1

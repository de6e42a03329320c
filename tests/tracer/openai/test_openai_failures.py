"""What fails is recorded as failed, and the user's exception leaves untouched."""

from typing import Any

import openai
import pytest
from openai_calls import ASK, MODEL, scenario

import tracer
from tracer import _guard
from tracer._openai import chat
from tracer.testing import Captured

FAILURES = [
    ({"model": "nope"}, openai.NotFoundError),
    (scenario("rate-limited"), openai.RateLimitError),
    (scenario("server-error"), openai.InternalServerError),
]


@pytest.mark.parametrize(("options", "kind"), FAILURES)
def test_an_error_of_the_api_fails_the_span(
    client: openai.OpenAI,
    captured: Captured,
    options: dict[str, Any],
    kind: type[Exception],
) -> None:
    with pytest.raises(kind) as raised:
        client.with_options(max_retries=0).chat.completions.create(**ASK | options)

    [span] = captured.spans
    assert span.status == "error"
    assert span.status_message == str(raised.value)
    assert span.attributes["error.type"] == f"openai.{kind.__name__}"


@pytest.mark.parametrize(("options", "kind"), FAILURES)
async def test_an_error_of_the_api_fails_the_asynchronous_span(
    async_client: openai.AsyncOpenAI,
    captured: Captured,
    options: dict[str, Any],
    kind: type[Exception],
) -> None:
    client = async_client.with_options(max_retries=0)
    with pytest.raises(kind):
        await client.chat.completions.create(**ASK | options)

    assert captured.spans[0].attributes["error.type"] == f"openai.{kind.__name__}"


def test_a_wrong_key_fails_the_span(base_url: str, captured: Captured) -> None:
    with openai.OpenAI(base_url=base_url, api_key="wrong-key") as client:
        with pytest.raises(openai.AuthenticationError):
            tracer.wrap_openai(client).chat.completions.create(**ASK)

    assert captured.spans[0].attributes["error.type"] == "openai.AuthenticationError"


def test_a_server_that_is_away_fails_the_span(captured: Captured) -> None:
    with openai.OpenAI(
        base_url="http://127.0.0.1:1/v1", api_key="key", max_retries=0
    ) as client:
        with pytest.raises(openai.APIConnectionError):
            tracer.wrap_openai(client).chat.completions.create(**ASK)

    [span] = captured.spans
    assert span.attributes["error.type"] == "openai.APIConnectionError"
    assert span.attributes["server.port"] == 1


def test_retries_are_one_span_that_succeeds(
    client: openai.OpenAI, captured: Captured
) -> None:
    raw = client.chat.completions.with_raw_response
    answered = raw.create(**ASK, **scenario("rate-limited-once"))

    assert answered.retries_taken == 1
    assert [span.status for span in captured.spans] == ["ok"]


def test_a_failure_of_ours_never_reaches_the_user(
    client: openai.OpenAI, captured: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACER_STRICT", "0")
    monkeypatch.setattr(chat, "items", lambda *_: 1 / 0)
    before = _guard.counts().get("record a model call", 0)

    completion = client.chat.completions.create(**ASK)

    assert completion.model == MODEL
    assert _guard.counts()["record a model call"] == before + 1


def test_a_failure_to_read_the_answer_still_ends_the_span(
    client: openai.OpenAI, captured: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACER_STRICT", "0")
    monkeypatch.setattr(chat, "_output_message", lambda *_: 1 / 0)

    completion = client.chat.completions.create(**ASK)
    pieces = list(client.chat.completions.create(**ASK, stream=True))

    assert completion.choices
    assert pieces
    assert [span.status for span in captured.spans] == ["ok", "ok"]

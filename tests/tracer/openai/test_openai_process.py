"""Every client of the process is recorded while that is on, and as before when off."""

import copy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai._base_client import SyncAPIClient
from openai_calls import ASK, MODEL

import tracer
from tracer.testing import Captured

HOUSE = Path(__file__).parents[3]


@pytest.fixture
def everywhere() -> Iterator[None]:
    """Every client of the process is recorded."""
    tracer.instrument_openai()
    yield
    tracer.uninstrument_openai()


def test_clients_that_exist_and_those_made_later_are_recorded(
    bare: openai.OpenAI, base_url: str, captured: Captured, everywhere: None
) -> None:
    bare.chat.completions.create(**ASK)
    with openai.OpenAI(base_url=base_url, api_key="key") as later:
        list(later.chat.completions.create(**ASK, stream=True))

    assert [span.name for span in captured.spans] == [f"chat {MODEL}"] * 2


async def test_asynchronous_clients_are_recorded(
    base_url: str, captured: Captured, everywhere: None
) -> None:
    async with openai.AsyncOpenAI(base_url=base_url, api_key="key") as client:
        await client.chat.completions.create(**ASK)
        async for _ in await client.chat.completions.create(**ASK, stream=True):
            pass
        raw = await client.responses.with_raw_response.create(model=MODEL, input="hi")

    assert raw.parse().output
    assert len(captured.spans) == 3


@pytest.mark.parametrize("kind", [openai.AzureOpenAI, openai.AsyncAzureOpenAI])
async def test_azures_clients_are_recorded(
    base_url: str, captured: Captured, everywhere: None, kind: Any
) -> None:
    azure = kind(
        azure_endpoint=base_url.removesuffix("/v1"), api_key="key", api_version="2024"
    )
    answered = azure.with_options(timeout=5).chat.completions.create(**ASK)
    if kind is openai.AsyncAzureOpenAI:
        await answered
        await azure.close()
    else:
        azure.close()

    [span] = captured.spans
    assert span.attributes["gen_ai.provider.name"] == "azure.ai.openai"


def test_subclasses_copies_and_older_raw_wrappers_are_recorded_once(
    base_url: str, captured: Captured
) -> None:
    class Counting(openai.OpenAI):
        requests = 0

        def request(self, *args: Any, **kwargs: Any) -> Any:
            type(self).requests += 1
            return super().request(*args, **kwargs)

    with Counting(base_url=base_url, api_key="key") as client:
        raw = client.chat.completions.with_raw_response
        tracer.instrument_openai()
        raw.create(**ASK)
        client.copy().chat.completions.create(**ASK)
        copy.copy(client).chat.completions.create(**ASK)
        tracer.uninstrument_openai()

    assert Counting.requests == 3
    assert len(captured.spans) == 3


def test_the_modules_own_client_is_recorded(
    base_url: str,
    captured: Captured,
    everywhere: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(openai, "api_key", "key")
    monkeypatch.setattr(openai, "base_url", f"{base_url}/")

    assert openai.chat.completions.create(**ASK).choices
    openai._reset_client()  # type: ignore[attr-defined]

    [span] = captured.spans
    assert span.attributes["server.address"] == "127.0.0.1"


@pytest.mark.parametrize("wrapped_first", [True, False])
def test_a_client_that_is_wrapped_too_gives_one_span_a_call(
    bare: openai.OpenAI, captured: Captured, wrapped_first: bool
) -> None:
    if wrapped_first:
        tracer.wrap_openai(bare)
    tracer.instrument_openai()
    tracer.wrap_openai(bare)
    bare.chat.completions.create(**ASK)
    bare.with_options(timeout=5).chat.completions.create(**ASK)
    assert len(captured.spans) == 2

    tracer.unwrap_openai(bare).chat.completions.create(**ASK)
    assert len(captured.spans) == 3

    tracer.wrap_openai(bare)
    tracer.uninstrument_openai()
    bare.chat.completions.create(**ASK)
    assert len(captured.spans) == 4


async def test_an_asynchronous_client_that_is_wrapped_too_gives_one_span_a_call(
    async_client: openai.AsyncOpenAI, captured: Captured, everywhere: None
) -> None:
    await async_client.chat.completions.create(**ASK)

    assert len(captured.spans) == 1


def test_switching_on_twice_records_once_and_off_twice_does_no_harm(
    bare: openai.OpenAI, captured: Captured
) -> None:
    tracer.uninstrument_openai()
    tracer.instrument_openai()
    tracer.instrument_openai()
    bare.chat.completions.create(**ASK)
    tracer.uninstrument_openai()
    tracer.uninstrument_openai()
    bare.chat.completions.create(**ASK)

    assert len(captured.spans) == 1


def test_what_another_library_put_on_the_class_before_is_kept_and_put_back(
    bare: openai.OpenAI, captured: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = []
    request = openai.OpenAI.request

    def noting(self: Any, cast_to: Any, options: Any, **more: Any) -> Any:
        paths.append(options.url)
        return request(self, cast_to, options, **more)

    monkeypatch.setattr(openai.OpenAI, "request", noting)
    tracer.instrument_openai()
    bare.chat.completions.create(**ASK)
    tracer.uninstrument_openai()

    assert vars(openai.OpenAI)["request"] is noting
    assert paths == ["/chat/completions"]
    assert len(captured.spans) == 1


def test_what_another_library_put_above_since_stays_and_works(
    bare: openai.OpenAI, captured: Captured
) -> None:
    before = dict(vars(openai.OpenAI))
    tracer.instrument_openai()
    ours: Any = openai.OpenAI.request

    def noting(self: Any, *args: Any, **more: Any) -> Any:
        return ours(self, *args, **more)

    noting.__wrapped__ = ours  # type: ignore[attr-defined]  # as functools.wraps does
    openai.OpenAI.request = noting  # type: ignore[method-assign]
    tracer.uninstrument_openai()
    bare.chat.completions.create(**ASK)
    assert captured.spans == []

    tracer.instrument_openai()
    bare.chat.completions.create(**ASK)
    assert len(captured.spans) == 1

    openai.OpenAI.request = ours  # type: ignore[method-assign]
    tracer.uninstrument_openai()
    assert dict(vars(openai.OpenAI)) == before


def test_other_clients_of_the_same_base_class_are_not_recorded(
    base_url: str, captured: Captured, everywhere: None
) -> None:
    class OtherSdk(SyncAPIClient):
        pass

    with OtherSdk(
        version="1", base_url=base_url, _strict_response_validation=False
    ) as other:
        body = {"model": MODEL, "messages": ASK["messages"]}
        headers: Any = {"headers": {"Authorization": "Bearer key"}}
        answered = other.post(
            "/chat/completions", cast_to=object, body=body, options=headers
        )

    assert answered
    assert captured.spans == []


def test_without_openai_it_is_said_what_to_install() -> None:
    program = """
import sys
sys.modules["openai"] = None
import tracer
from tracer.errors import MissingExtraError
tracer.uninstrument_openai()
for call in (tracer.instrument_openai, lambda: tracer.wrap_openai(object()),
             lambda: tracer.unwrap_openai(object())):
    try:
        call()
    except MissingExtraError as error:
        print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        f"{name} needs 'openai', which is not installed: pip install openai"
        for name in ("instrument_openai", "wrap_openai", "unwrap_openai")
    ]

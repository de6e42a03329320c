"""A client that was unwrapped is what it was before it was wrapped."""

import pickle
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai_calls import ASK

import tracer
from tracer.errors import ConfigurationError
from tracer.testing import Captured


@pytest.fixture(params=["sync", "async"])
def any_bare(request: pytest.FixtureRequest, base_url: str) -> Iterator[Any]:
    """A client of either kind that is not wrapped; it is not asked anything."""
    kind = openai.OpenAI if request.param == "sync" else openai.AsyncOpenAI
    yield kind(base_url=base_url, api_key="key")


def test_unwrapping_gives_back_the_same_client_as_it_was(any_bare: Any) -> None:
    before, request = dict(vars(any_bare)), any_bare.request

    unwrapped = tracer.unwrap_openai(tracer.wrap_openai(any_bare))

    assert unwrapped is any_bare
    assert vars(any_bare) == before
    assert any_bare.request == request
    assert any_bare.request.__func__ is type(any_bare).request
    assert any_bare.with_options.__func__ is type(any_bare).with_options


def test_an_unwrapped_client_records_nothing(
    client: openai.OpenAI, captured: Captured
) -> None:
    tracer.unwrap_openai(client).chat.completions.create(**ASK)
    client.copy().chat.completions.create(**ASK)

    assert captured.spans == []


async def test_an_unwrapped_asynchronous_client_records_nothing(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    await tracer.unwrap_openai(async_client).chat.completions.create(**ASK)

    assert captured.spans == []


def test_a_client_may_be_wrapped_again(
    client: openai.OpenAI, captured: Captured
) -> None:
    tracer.wrap_openai(tracer.unwrap_openai(client)).chat.completions.create(**ASK)

    assert len(captured.spans) == 1


def test_unwrapping_twice_or_what_was_never_wrapped_changes_nothing(
    any_bare: Any,
) -> None:
    before = dict(vars(any_bare))

    tracer.unwrap_openai(any_bare)
    tracer.wrap_openai(any_bare)
    tracer.unwrap_openai(tracer.unwrap_openai(any_bare))

    assert vars(any_bare) == before


def test_a_request_that_others_replaced_before_is_put_back(
    bare: openai.OpenAI,
) -> None:
    theirs = vars(bare)["request"] = lambda *args, **kwargs: None

    tracer.unwrap_openai(tracer.wrap_openai(bare))

    assert vars(bare)["request"] is theirs


def test_a_request_that_others_replaced_since_stays_and_works(
    client: openai.OpenAI, captured: Captured
) -> None:
    paths = []
    ours = client.request

    def noting(cast_to: Any, options: Any, **more: Any) -> Any:
        paths.append(options.url)
        return ours(cast_to, options, **more)

    vars(client)["request"] = noting
    tracer.unwrap_openai(client).chat.completions.create(**ASK)
    assert captured.spans == []

    tracer.wrap_openai(client).chat.completions.create(**ASK)
    assert len(captured.spans) == 1
    assert paths == ["/chat/completions"] * 2


def test_copies_made_of_a_wrapped_client_stay_wrapped(
    client: openai.OpenAI, captured: Captured
) -> None:
    copied = client.with_options(timeout=5)
    tracer.unwrap_openai(client)

    copied.chat.completions.create(**ASK)

    assert len(captured.spans) == 1


def test_raw_wrappers_made_while_it_was_wrapped_record_nothing_afterwards(
    client: openai.OpenAI, captured: Captured
) -> None:
    raw = client.chat.completions.with_raw_response
    tracer.unwrap_openai(client)

    assert raw.create(**ASK).parse().choices
    assert captured.spans == []


def test_a_stream_that_is_open_meanwhile_is_recorded_to_its_end(
    client: openai.OpenAI, captured: Captured
) -> None:
    stream = client.chat.completions.create(**ASK, stream=True)
    tracer.unwrap_openai(client)

    assert list(stream)
    assert [span.status for span in captured.spans] == ["ok"]


def test_a_client_pickles_as_little_as_it_did(bare: openai.OpenAI) -> None:
    with pytest.raises(TypeError) as before:
        pickle.dumps(bare)
    with pytest.raises(Exception) as wrapped:
        pickle.dumps(tracer.wrap_openai(bare))

    assert isinstance(wrapped.value, (TypeError, AttributeError, pickle.PicklingError))
    with pytest.raises(TypeError, match=str(before.value)):
        pickle.dumps(tracer.unwrap_openai(bare))


@pytest.mark.parametrize("stranger", [object(), None, openai.OpenAI])
def test_what_is_no_client_is_refused_by_name(stranger: Any) -> None:
    with pytest.raises(ConfigurationError, match="unwrap_openai takes"):
        tracer.unwrap_openai(stranger)

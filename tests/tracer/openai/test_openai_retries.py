"""How often the client tried, and the id of the try that counted."""

from typing import Any

import openai
import pytest
from openai_calls import ASK, scenario
from openai_ways import Way, drained

import tracer
from tracer.testing import Captured

RESENT = "http.request.resend_count"
ONCE = scenario("rate-limited-once")


@pytest.mark.parametrize("options", [{}, {"stream": True}])
@pytest.mark.parametrize("door", ["", "with_raw_response."])
async def test_retries_are_counted_on_the_one_span(
    way: Way, captured: Captured, door: str, options: dict[str, Any]
) -> None:
    path = f"chat.completions.{door}create"
    answered = await way.ask(path, **ASK, **ONCE, **options)
    if options:
        await drained(answered.parse() if door else answered)

    [span] = captured.spans
    assert (span.status, span.attributes[RESENT]) == ("ok", 1)
    assert span.attributes["tracer.response.request_id"] == "req_local"


async def test_a_call_that_goes_well_at_once_has_no_count(
    way: Way, captured: Captured
) -> None:
    await way.ask("chat.completions.create", **ASK)

    assert RESENT not in captured.spans[0].attributes


async def test_retries_that_did_not_help_are_counted_too(
    way: Way, captured: Captured
) -> None:
    with pytest.raises(openai.RateLimitError):
        await way.ask("chat.completions.create", **ASK, **scenario("rate-limited"))

    [span] = captured.spans
    assert span.attributes[RESENT] == 2
    assert span.attributes["tracer.response.request_id"] == "req_local"


async def test_a_server_that_stays_away_is_tried_again_and_counted(
    captured: Captured,
) -> None:
    with openai.OpenAI(base_url="http://127.0.0.1:1/v1", api_key="k") as client:
        wrapped = tracer.wrap_openai(client.with_options(max_retries=1))
        with pytest.raises(openai.APIConnectionError):
            wrapped.chat.completions.create(**ASK)

    assert captured.spans[0].attributes[RESENT] == 1


async def test_retries_of_a_call_that_is_not_recorded_mark_nobody_elses_span(
    way: Way, captured: Captured
) -> None:
    with tracer.span("work"):
        with pytest.raises(openai.APIStatusError):
            await way.ask("post", "/other", cast_to=object, options=_impatient())

    [work] = captured.spans
    assert RESENT not in work.attributes


def _impatient() -> Any:
    return {"headers": {"x-should-retry": "true"}}


async def test_copies_count_each_retry_once(way: Way, captured: Captured) -> None:
    copied = Way(way.client.with_options(timeout=5).copy())
    await copied.ask("chat.completions.create", **ASK, **ONCE)

    assert [span.attributes[RESENT] for span in captured.spans] == [1]

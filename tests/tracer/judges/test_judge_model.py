"""How an endpoint is asked: by what it can do, within limits, again where it helps."""

import asyncio
import inspect
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import openai
import pytest
from judging import PRICE, Wire
from small_server import Silent, serving

from tracer._openai.wrapping import is_wrapped
from tracer.errors import (
    ConfigurationError,
    JudgeError,
    UnreadableJudgementError,
)
from tracer.judges import Judge, JudgeModel, Rubric, RubricJudge, _carrying

STYLE = Rubric.ready("answer_correctness")
ROW = {"question": "What is the capital?", "reference": "Seoul is the capital."}
RIGHT = "Seoul is the capital."


def judged(model: JudgeModel, output: str = RIGHT, **more: Any) -> Any:
    return RubricJudge(model, STYLE).judge(output, **ROW, **more)


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def is_async(request: pytest.FixtureRequest) -> bool:
    """Whether the client is an ``AsyncOpenAI``; a test that takes it runs with both."""
    return bool(request.param)


async def ajudged(model: JudgeModel, output: str = RIGHT, **more: Any) -> Any:
    return await RubricJudge(model, STYLE).ajudge(output, **ROW, **more)


async def test_structured_output_is_asked_for_where_the_server_has_it(
    wire: Wire, is_async: bool
) -> None:
    model = wire.model(asynchronous=is_async)
    assert model.has_structured_output is None
    scored = await ajudged(model)
    assert (scored.value, model.has_structured_output) == (5, True)
    [body] = wire.bodies
    asked = body["response_format"]["json_schema"]
    assert asked["strict"] is True
    assert list(asked["schema"]["properties"]) == ["explanation", "score"]
    assert asked["schema"]["properties"]["score"]["enum"] == [1, 2, 3, 4, 5]
    assert asked["schema"]["additionalProperties"] is False


async def test_a_server_without_schemas_is_found_out_once_and_remembered(
    wire: Wire, is_async: bool
) -> None:
    model = wire.model("no-schemas", asynchronous=is_async)
    scores = [(await ajudged(model, repeat=number)).value for number in range(3)]
    assert (scores, model.has_structured_output) == ([5, 5, 5], False)
    assert wire.formats == [True, False, False, False]
    client = wire.client("no-schemas")
    judged(JudgeModel(model.model, client=client))  # another object, the same endpoint
    assert wire.formats == [True, False, False, False, False]


async def test_many_first_callers_find_out_together_once(
    wire: Wire, is_async: bool
) -> None:
    model = wire.model("no-schemas", asynchronous=is_async)
    judge = RubricJudge(model, STYLE)
    await asyncio.gather(
        *(judge.ajudge(f"answer {number}", **ROW) for number in range(6))
    )
    assert wire.formats.count(True) == 1


def test_a_parameter_that_is_refused_is_left_out_and_no_other(wire: Wire) -> None:
    model = wire.model("no-temperature")
    judged(model)
    judged(model, "another")
    assert ["temperature" in body for body in wire.bodies] == [True, False, False]
    assert wire.formats == [True, True, True]
    assert model.has_structured_output is True


def test_words_around_the_json_cost_no_second_request(wire: Wire) -> None:
    assert judged(wire.model("judge-in-words")).value == 5
    assert len(wire.bodies) == 1


async def test_a_broken_reply_is_repaired_by_one_request(
    wire: Wire, is_async: bool
) -> None:
    scored = await ajudged(wire.model("judge-broken-once", asynchronous=is_async))
    assert (scored.value, scored.metadata) == (5, {"repaired": True})
    first, second = wire.bodies
    assert second["messages"][:2] == first["messages"]
    assistant, user = second["messages"][2:]
    assert assistant["content"].startswith("Well, ")
    assert "could not be used: there is no JSON object in it" in user["content"]


async def test_a_reply_that_stays_broken_is_an_error_after_exactly_one_repair(
    wire: Wire, is_async: bool
) -> None:
    with pytest.raises(UnreadableJudgementError, match="cannot be read, nor can") as no:
        await ajudged(wire.model("judge-broken", asynchronous=is_async))
    assert len(wire.bodies) == 2
    assert "It began 'Well, " in str(no.value)


def test_a_judge_that_refuses_is_an_error_at_once(wire: Wire) -> None:
    with pytest.raises(UnreadableJudgementError, match="refused to answer 'grade'"):
        judged(wire.model("refusal"))
    assert len(wire.bodies) == 1


def test_a_judgement_that_was_cut_says_what_to_do(wire: Wire) -> None:
    with pytest.raises(UnreadableJudgementError, match="greater max_output_tokens"):
        judged(wire.model(max_output_tokens=3))
    with pytest.raises(UnreadableJudgementError, match="content filter"):
        judged(wire.model("finish-content_filter"))


async def test_a_busy_server_is_asked_again_when_it_says(
    wire: Wire, is_async: bool
) -> None:
    scored = await ajudged(wire.model("busy-twice", asynchronous=is_async))
    assert (scored.value, len(wire.bodies)) == (5, 3)


async def test_a_server_that_stays_busy_raises_what_the_client_raises(
    wire: Wire, is_async: bool
) -> None:
    model = wire.model("rate-limited", asynchronous=is_async, retries=2)
    with pytest.raises(openai.RateLimitError):
        await ajudged(model)
    assert len(wire.bodies) == 3
    assert model.spending.n_requests == 0


def waits_of(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give judges a clock that does not sleep; return the list of what it was asked."""
    asked: list[float] = []
    monkeypatch.setattr(_carrying, "time", SimpleNamespace(sleep=asked.append))
    return asked


def test_requests_wait_for_their_place_in_the_minute(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = waits_of(monkeypatch)
    model = wire.model(requests_per_minute=1)
    for number in range(3):
        judged(model, repeat=number)
    first, second, third = waits
    assert first == 0 < second < 60 < third < 120


def test_tokens_of_a_minute_are_waited_for_by_what_was_used(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = waits_of(monkeypatch)
    model = wire.model(tokens_per_minute=60)
    judged(model)
    used = model.spending.input_tokens + model.spending.output_tokens
    judged(model, repeat=1)
    assert used - 30 < waits[1] <= used


def test_a_failure_that_stays_is_raised_untouched_and_at_once(wire: Wire) -> None:
    with pytest.raises(openai.NotFoundError, match="does not exist"):
        judged(wire.model(model="unknown-model"))
    assert len(wire.bodies) == 1


def test_a_request_that_takes_too_long_is_a_timeout(wire: Wire) -> None:
    with pytest.raises(openai.APITimeoutError):
        judged(wire.model("slow", timeout_s=0.05, retries=0))


def test_no_more_requests_run_at_a_time_than_asked(wire: Wire) -> None:
    model = wire.model("slow", concurrency=2)
    judge = RubricJudge(model, STYLE)
    judge.judge("known", **ROW)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: judge.judge(f"answer {n}", **ROW), range(6)))
    assert wire.most_at_once == 2


async def test_no_more_requests_run_at_a_time_in_a_loop_than_asked(wire: Wire) -> None:
    model = wire.model("slow", asynchronous=True, concurrency=2)
    judge = RubricJudge(model, STYLE)
    await judge.ajudge("known", **ROW)
    await asyncio.gather(*(judge.ajudge(f"answer {n}", **ROW) for n in range(6)))
    assert wire.most_at_once == 2


async def test_a_judgement_that_is_given_up_leaves_its_place_and_money(
    wire: Wire,
) -> None:
    model = wire.model(
        "slow", asynchronous=True, concurrency=1, price=PRICE, spending_limit_usd=0.0125
    )
    judging = asyncio.create_task(ajudged(model))
    while not wire.bodies:
        await asyncio.sleep(0)
    judging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await judging
    assert (await ajudged(model, "another")).value in range(1, 6)
    assert model.spending.n_requests == 1


async def test_an_openai_client_serves_a_loop_from_threads(wire: Wire) -> None:
    seen = threading.current_thread()
    assert (await ajudged(wire.model())).value == 5
    assert threading.current_thread() is seen


def test_an_async_client_serves_sync_callers_and_one_loop_after_another(
    base_url: str,
) -> None:
    """The second loop failed: the connections were those of the first, closed one."""

    async def judge_twice() -> list[Any]:
        return [(await ajudged(model, f"{n}")).value for n in range(2)]

    client = openai.AsyncOpenAI(base_url=base_url, api_key="key")
    with JudgeModel("judge-loops", client=client) as model:
        assert judged(model).value == 5
        for _ in range(3):
            assert len(asyncio.run(judge_twice())) == 2
        assert judged(model, repeat=1).value == 5
    assert not client.is_closed()
    asyncio.run(client.close())


def test_judging_is_called_alike_from_sync_and_async_code() -> None:
    sync, asynchronous = (inspect.signature(one) for one in (Judge.judge, Judge.ajudge))
    assert sync == asynchronous


PROGRAM = """
import openai, os
from tracer.judges import JudgeModel, Rubric, RubricJudge

def judge():
    client = openai.{kind}(base_url={base_url!r}, api_key="key")
    model = JudgeModel("judge-program", client=client)
    return RubricJudge(model, Rubric.ready("toxicity")).judge("안녕").value

print(judge())
"""

FORK = """
child = os.fork()
if child == 0:
    os._exit(judge())
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def told_by(program: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("kind", ["OpenAI", "AsyncOpenAI"])
def test_a_program_that_judges_ends_by_itself_and_silently(
    base_url: str, kind: str
) -> None:
    program = PROGRAM.format(kind=kind, base_url=base_url)
    assert told_by(program) == (0, "1\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("kind", ["OpenAI", "AsyncOpenAI"])
def test_a_fork_judges_too(base_url: str, kind: str) -> None:
    program = PROGRAM.format(kind=kind, base_url=base_url) + FORK
    assert told_by(program) == (0, "1\n1\n", "")


def test_azures_client_judges_too(base_url: str) -> None:
    with openai.AzureOpenAI(
        azure_endpoint=base_url.removesuffix("/v1"),
        api_version="2024-10-21",
        api_key="key",
    ) as client:
        model = JudgeModel("judge-azure", client=client)
        assert (judged(model).value, model.has_structured_output) == (5, True)


def test_an_address_is_enough(base_url: str) -> None:
    with JudgeModel("judge-address", base_url=base_url, api_key="key") as model:
        assert judged(model).value == 5
        assert model.base_url == f"{base_url}/"
        assert "key" not in repr(model).replace("api_key", "")


def test_a_given_client_is_left_as_it_was(wire: Wire) -> None:
    client = wire.client()
    with wire.model(client=client) as model:
        judged(model)
    assert not is_wrapped(client)
    assert client.max_retries == openai.DEFAULT_MAX_RETRIES
    assert not client.is_closed()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "given neither of client= and base_url="),
        ({"client": object()}, "client is a object"),
        (
            {"client": None, "base_url": "http://x/v1", "concurrency": 0},
            "concurrency=0",
        ),
        ({"base_url": "http://x/v1", "requests_per_minute": -1}, "more than 0"),
        ({"base_url": "http://x/v1", "spending_limit_usd": 1.0}, "without a price"),
    ],
)
def test_settings_that_cannot_be_kept_are_refused(
    settings: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        JudgeModel("gpt-4o", api_key="key", **settings)
    assert said in str(refused.value)


def test_a_client_and_an_address_are_one_too_many(wire: Wire) -> None:
    with pytest.raises(ConfigurationError, match="given both"):
        wire.model(base_url="http://x/v1")


def test_every_judge_error_can_be_caught_as_one() -> None:
    assert issubclass(UnreadableJudgementError, JudgeError)


class Page(Silent):
    """Answers what a login page in front of an API does, as whatever it is called."""

    kind = "text/html"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = b"<!doctype html><title>Sign in</title>"
        self.send_response(200)
        self.send_header("content-type", self.kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class WrongPage(Page):
    kind = "application/json"


@pytest.mark.parametrize("page", [Page, WrongPage])
async def test_an_endpoint_that_answers_a_page_is_named_with_what_to_do(
    page: type[Page], is_async: bool
) -> None:
    """It ended as a JSONDecodeError, or as a reply that could not be read."""
    with serving(page) as address:
        make = openai.AsyncOpenAI if is_async else openai.OpenAI
        client = make(base_url=address, api_key="key")
        with JudgeModel("judge-page", client=client) as model:
            with pytest.raises(JudgeError, match="answered HTML") as failed:
                await ajudged(model)
    assert address in str(failed.value)
    assert "Sign in" in str(failed.value)
    assert "it mostly ends in /v1" in str(failed.value)

"""Limits are kept by a clock that tests hold, money by the server's own usage."""

import asyncio
import email.utils
import time
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import PRICE, Wire
from openai.types.chat import ChatCompletion, ChatCompletionMessage
from openai.types.chat.chat_completion import Choice

from tracer.errors import ConfigurationError, SpendingLimitError
from tracer.judges import Budget, Price, Rubric, RubricJudge, Spending
from tracer.judges._asking import Reply
from tracer.judges._cache import ReplyCache
from tracer.judges._calling import (
    MOST_WAIT_S,
    backoff_s,
    is_passing,
    reply_of,
    retry_after_s,
)
from tracer.judges._limits import RateLimit
from tracer.judges._money import InFlightError, Purse
from tracer.judges._tokens import text_tokens

STYLE = Rubric.ready("style")


def test_requests_are_spaced_evenly() -> None:
    limit = RateLimit(60, None)
    assert [limit.reserve(10, 100.0) for _ in range(3)] == [0.0, 1.0, 2.0]
    assert limit.reserve(10, 200.0) == 0.0


def test_tokens_of_those_before_are_waited_for() -> None:
    limit = RateLimit(None, 6000)
    assert limit.reserve(500, 100.0) == 0.0
    assert limit.reserve(100, 100.0) == pytest.approx(5.0)
    assert limit.reserve(9_999, 100.0) == pytest.approx(6.0)


def test_tokens_that_were_not_used_are_given_back() -> None:
    limit = RateLimit(None, 6000)
    limit.reserve(500, 100.0)
    limit.correct(500, 200)
    assert limit.reserve(1, 100.0) == pytest.approx(2.0)


def test_a_pause_holds_for_everybody() -> None:
    limit = RateLimit(None, None)
    limit.pause(130.0)
    limit.pause(120.0)
    assert (limit.pause_left_s(100.0), limit.pause_left_s(131.0)) == (30.0, 0.0)


@given(
    st.integers(1, 600),
    st.lists(st.floats(0, 90, allow_nan=False), min_size=1, max_size=200),
)
def test_no_minute_has_more_requests_than_allowed(
    per_minute: int, gaps_s: list[float]
) -> None:
    limit, now_s, sent_s = RateLimit(per_minute, None), 0.0, []
    for gap_s in gaps_s:
        now_s += gap_s
        sent_s.append(now_s + limit.reserve(1, now_s))
    for start_s in sent_s:
        within = [one for one in sent_s if start_s <= one < start_s + 60 - 1e-6]
        assert len(within) <= per_minute


def refused(status: int, **headers: str) -> openai.APIStatusError:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    request = httpx.Request("POST", "http://x/v1/chat/completions")
    response = httpx.Response(status, headers=told, request=request)
    return openai.APIStatusError("no", response=response, body=None)


def test_what_the_server_says_about_waiting_is_read_in_every_form() -> None:
    assert retry_after_s(refused(429, retry_after="7")) == 7.0
    assert retry_after_s(refused(429, retry_after="1", retry_after_ms="5")) == 0.005
    assert retry_after_s(refused(429, retry_after="soon")) is None
    assert retry_after_s(refused(503)) is None
    in_an_hour = email.utils.formatdate(time.time() + 3600, usegmt=True)
    told_s = retry_after_s(refused(503, retry_after=in_an_hour))
    assert told_s is not None and 3500 < told_s <= 3600
    long_ago = email.utils.formatdate(0, usegmt=True)
    assert retry_after_s(refused(503, retry_after=long_ago)) == 0.0


def test_only_what_passes_is_tried_again() -> None:
    assert is_passing(refused(429), None)
    assert is_passing(refused(503), MOST_WAIT_S)
    assert not is_passing(refused(503), MOST_WAIT_S + 1)
    assert not is_passing(refused(400), None)
    assert not is_passing(ValueError("ours"), None)
    quota = refused(429)
    quota.code = "insufficient_quota"
    assert not is_passing(quota, None)
    lost = openai.APIConnectionError(request=httpx.Request("POST", "http://x"))
    assert is_passing(lost, None)


@given(st.integers(0, 2000))
def test_waits_between_tries_stay_bounded(tries: int) -> None:
    assert 0.25 <= backoff_s(tries) <= 8.0


def test_spending_is_counted_by_the_servers_usage(wire: Wire) -> None:
    model = wire.model(price=PRICE)
    judge = RubricJudge(model, STYLE)
    judge.judge("안녕하세요. 반갑습니다.", question="인사해 주세요.")
    spent = model.spending
    assert spent.n_requests == 1
    assert spent.input_tokens > 100 and spent.output_tokens > 5
    assert spent.cost_usd == pytest.approx(
        (spent.input_tokens + 4 * spent.output_tokens) / 1e6
    )


def test_without_a_price_tokens_are_counted_and_the_cost_is_unknown(wire: Wire) -> None:
    model = wire.model()
    RubricJudge(model, STYLE).judge("a", question="b")
    assert model.spending.input_tokens > 0
    assert model.spending.cost_usd is None


def test_replies_of_servers_that_leave_things_out_are_read_all_the_same() -> None:
    parts = [{"type": "thinking"}, {"type": "text", "text": "네"}, {"text": "!"}]
    message = {"role": "assistant", "content": parts}
    bare = ChatCompletion.construct(
        choices=[Choice.construct(message=ChatCompletionMessage.construct(**message))]
    )
    reply = reply_of(bare, 77)
    assert (reply.text, reply.finish_reason) == ("네!", "stop")
    assert (reply.input_tokens, reply.output_tokens) == (77, 2)
    nothing = reply_of(ChatCompletion.construct(choices=[]), 77)
    assert (nothing.text, nothing.finish_reason) == ("", "none")
    some = {"choices": [{}], "usage": {"completion_tokens": 3}}
    partly = reply_of(ChatCompletion.construct(**some), 77)
    assert (partly.input_tokens, partly.output_tokens) == (77, 3)


def test_half_a_character_in_a_reply_loses_no_judgement(tmp_path: Path) -> None:
    choice = {"message": {"role": "assistant", "content": "좋다 \ud83d"}}
    reply = reply_of(ChatCompletion.construct(choices=[choice]), 77)
    cache = ReplyCache(tmp_path / "cache.db")
    cache.keep([(b"key", reply)])
    assert cache.find(b"key") == reply
    assert reply.text == "좋다 \ufffd"


def test_a_repair_is_paid_too(wire: Wire) -> None:
    model = wire.model("judge-broken-once", price=PRICE)
    RubricJudge(model, STYLE).judge("a", question="b")
    assert model.spending.n_requests == 2


def test_nothing_is_sent_that_could_go_over_the_limit(wire: Wire) -> None:
    first = wire.model(price=PRICE, max_output_tokens=200)
    RubricJudge(first, STYLE).judge("a", question="b")
    cost_usd = first.spending.cost_usd
    assert cost_usd is not None
    wire.bodies.clear()
    model = wire.model(
        price=PRICE, max_output_tokens=200, spending_limit_usd=cost_usd + 0.002
    )
    judge = RubricJudge(model, STYLE)
    with pytest.raises(SpendingLimitError, match="greater spending_limit_usd"):
        for number in range(1000):
            judge.judge("a", question="b", repeat=number)
    spent = model.spending
    assert spent.cost_usd is not None and spent.n_requests == len(wire.bodies) > 0
    assert spent.cost_usd <= cost_usd + 0.002


async def test_many_at_once_do_not_go_over_the_limit_either(wire: Wire) -> None:
    limit_usd = 0.01
    model = wire.model(
        price=PRICE, asynchronous=True, concurrency=20, spending_limit_usd=limit_usd
    )
    judge = RubricJudge(model, STYLE)
    found = await asyncio.gather(
        *(judge.ajudge("a", question="b", repeat=n) for n in range(60)),
        return_exceptions=True,
    )
    kinds = {type(one) for one in found if isinstance(one, BaseException)}
    assert kinds == {SpendingLimitError}
    assert model.spending.cost_usd is not None
    assert 0 < model.spending.cost_usd <= limit_usd


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), max_size=40))
def test_a_purse_that_reserves_never_goes_over(asked: list[tuple[int, int]]) -> None:
    from tracer.judges._asking import Reply

    limit_usd = 0.02
    purse = Purse(PRICE, limit_usd)
    for tokens_in, tokens_out in asked:
        try:
            reserved_usd = purse.reserve(tokens_in, tokens_out)
        except SpendingLimitError:
            continue
        purse.pay(Reply("", input_tokens=tokens_in, output_tokens=tokens_out))
        purse.release(reserved_usd)
    assert (purse.spending.cost_usd or 0.0) <= limit_usd + 1e-12


def test_what_the_server_had_cached_may_have_another_price() -> None:
    price = Price(1.0, 4.0, cached_usd_per_mtok=0.1)
    assert price.cost_usd(1_000_000, 0, 500_000) == pytest.approx(0.55)
    assert Price(1.0, 4.0).cost_usd(1_000_000, 0, 500_000) == pytest.approx(1.0)
    with pytest.raises(ConfigurationError, match="negative"):
        Price(-1.0, 4.0)


def test_nothing_was_spent_at_first(wire: Wire) -> None:
    assert wire.model(price=PRICE).spending == Spending(cost_usd=0.0)


@pytest.mark.parametrize(
    ("text", "n"), [("", 0), ("word", 1), ("한국어", 3), ("ab가", 2)]
)
def test_tokens_are_estimated_by_letters(text: str, n: Any) -> None:
    assert text_tokens(text) == n


def test_a_budget_is_shared_by_all_models_that_have_it() -> None:
    budget = Budget(1.0)
    price = Price(input_usd_per_mtok=1.0, output_usd_per_mtok=1.0)
    one, other = Purse(price, None, budget), Purse(price, None, budget)
    held = one.reserve(600_000, 0)
    with pytest.raises(InFlightError, match="the next request may cost 0.6"):
        other.reserve(600_000, 0)
    assert not budget.is_reached
    one.release(held)
    one.pay(Reply("", input_tokens=300_000))
    other.release(other.reserve(600_000, 0))
    assert (budget.spent_usd, one.spending.cost_usd) == (0.3, 0.3)
    with pytest.raises(SpendingLimitError, match="0.300000 of 1.000000 USD are spent"):
        other.reserve(800_000, 0)
    assert budget.is_reached
    with pytest.raises(ConfigurationError, match="without a price"):
        Purse(None, None, budget)
    assert Purse(None, None, Budget(None)).reserve(10**9, 0) == 0

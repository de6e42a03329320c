"""One question to the server: in turn, within limits, again where that helps.

A generator says what to do next, wait or send, so that sync and async callers follow
the same rules.
"""

import json
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

from tracer._chance import CHANCE
from tracer._values.text import clean_text
from tracer.errors import JudgeError
from tracer.judges._abilities import Abilities, arguments, is_refusal, to_leave_out
from tracer.judges._asking import Question, Reply
from tracer.judges._limits import RateLimit
from tracer.judges._money import InFlightError, Purse
from tracer.judges._reading import quoted
from tracer.judges._tokens import estimated_tokens, text_tokens

MOST_WAIT_S: Final = 120.0
"""A server that says to come back later than this is not waited for."""

ROOM_S: Final = 0.05
"""How long a request waits whose room in a budget others may need."""

FIRST_WAIT_S: Final = 0.5
MOST_BACKOFF_S: Final = 8.0
PASSING: Final = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
"""Statuses after which the same request may be answered."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait so many seconds, then go on."""

    seconds: float
    """How long."""


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request with these arguments, then go on with what comes of it."""

    arguments: Mapping[str, Any]
    """Arguments of ``client.chat.completions.create``."""


Calls = Generator[Wait | Send, Any, Reply]
"""Is sent the completion, or the exception that the client raised."""


class Calling:
    """The rules by which one judge model is called.

    Args:
        asked: Arguments of every request: model, temperature and the like.
        address: Where it is asked, for what goes wrong.
        abilities: What the endpoint can do.
        limit: How fast it may be asked.
        purse: What it may cost.
        retries: How often a request that failed in passing is sent again.
    """

    def __init__(
        self,
        asked: Mapping[str, Any],
        *,
        address: str,
        abilities: Abilities,
        limit: RateLimit,
        purse: Purse,
        retries: int,
    ) -> None:
        self.abilities = abilities
        self._address = address
        self._asked = asked
        self._limit = limit
        self._purse = purse
        self._retries = retries

    def reply(self, question: Question) -> Calls:
        """Yield what to do for one question; return the reply.

        Raises:
            SpendingLimitError: It could cost too much.
            Exception: What the client raised, where asking again does not help.
        """
        most_output = self._asked["max_completion_tokens"]
        n_input = estimated_tokens(question.messages)
        while True:
            try:
                reserved_usd = self._purse.reserve(n_input, most_output)
                break
            except InFlightError:
                yield Wait(ROOM_S)
        try:
            completion = yield from self._answered(question, n_input)
            reply = reply_of(completion, n_input)
            self._limit.correct(n_input, reply.input_tokens + reply.output_tokens)
            self._purse.pay(reply)
        finally:
            self._purse.release(reserved_usd)
        return reply

    def _answered(
        self, question: Question, n_input: int
    ) -> Generator[Wait | Send, Any, Any]:
        """Return the completion; leave out what the server refuses, on the way."""
        left_out = self.abilities.refused
        first_refusal: Exception | None = None
        asked = {**self._asked, "messages": question.messages}
        while True:
            sent = arguments(asked, question.schema, question.name, left_out)
            try:
                completion = yield from self._sent(sent, n_input)
            except Exception as error:
                unwanted = to_leave_out(error, sent)
                if unwanted is None:
                    # what was left out was not what it refused
                    raise (is_refusal(error) and first_refusal) or error from None
                left_out |= {unwanted}
                first_refusal = first_refusal or error
                continue
            self.abilities.learn(left_out)
            return completion

    def _sent(
        self, sent: Mapping[str, Any], n_input: int
    ) -> Generator[Wait | Send, Any, Any]:
        """Return the completion; wait for a place, and again where it failed."""
        tries = 0
        while True:
            yield Wait(self._limit.reserve(n_input, time.monotonic()))
            while (left_s := self._limit.pause_left_s(time.monotonic())) > 0:
                yield Wait(left_s)
            answer = yield Send(sent)
            refuse_page(answer, self._address)
            if not isinstance(answer, Exception):
                return answer
            self._limit.correct(n_input, 0)
            told_s = retry_after_s(answer)
            if tries == self._retries or not is_passing(answer, told_s):
                raise answer
            if told_s is not None:
                self._limit.pause(time.monotonic() + told_s)
            else:
                yield Wait(backoff_s(tries))
            tries += 1


def refuse_page(answer: Any, address: str) -> None:
    """Raise if what came back with status 200 is a page, or other words, but no JSON.

    The client hands the text over, or what its reader of JSON said of it.

    Raises:
        JudgeError: It says where, what it began with, and what to do.
    """
    text = answer.doc if isinstance(answer, json.JSONDecodeError) else answer
    if not isinstance(text, str):
        return
    is_page = text.lstrip()[:1] == "<"
    raise JudgeError(
        f"the judge's endpoint {address} answered {'HTML' if is_page else 'no JSON'}, "
        f"where a completion goes: {quoted(text.strip())}. Give the base_url of an "
        "OpenAI-compatible API; it mostly ends in /v1, and a login page may be in front"
    )


def is_passing(error: Exception, told_s: float | None) -> bool:
    """Return whether the same request may be answered later, and soon enough."""
    if told_s is not None and told_s > MOST_WAIT_S:
        return False
    if getattr(error, "code", None) == "insufficient_quota":
        return False
    from openai import APIConnectionError  # who raised it has it loaded

    status = getattr(error, "status_code", None)
    return status in PASSING or isinstance(error, APIConnectionError)


def retry_after_s(error: Exception) -> float | None:
    """Return how long the server says to wait (RFC 9110 §10.2.3); None if it does not.

    ``retry-after-ms`` is OpenAI's own, and goes before.
    """
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    for name, scale in (("retry-after-ms", 1e-3), ("retry-after", 1.0)):
        told = headers.get(name)
        if told is None:
            continue
        try:
            return max(0.0, float(told) * scale)
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
        except ValueError:
            continue
    return None


def backoff_s(tries: int) -> float:
    """Return the wait after so many retries: doubling, with half of it by chance."""
    longest_s = min(FIRST_WAIT_S * 2.0 ** min(tries, 8), MOST_BACKOFF_S)
    return longest_s * CHANCE.uniform(0.5, 1.0)


def reply_of(completion: Any, n_input: int) -> Reply:
    """Return what a completion says; tokens that its usage lacks are estimated.

    Args:
        completion: What the client returned.
        n_input: Tokens of the prompt, estimated.
    """
    choices = getattr(completion, "choices", None) or ()
    message = getattr(choices[0], "message", None) if choices else None
    text = _text_of(getattr(message, "content", None))
    usage = getattr(completion, "usage", None)
    n_read = getattr(usage, "prompt_tokens", None)
    n_written = getattr(usage, "completion_tokens", None)
    details = getattr(usage, "prompt_tokens_details", None)
    return Reply(
        text=text,
        finish_reason=(getattr(choices[0], "finish_reason", None) or "stop")
        if choices
        else "none",
        refusal=_text_of(getattr(message, "refusal", None)),
        model=getattr(completion, "model", None) or "",
        input_tokens=n_input if n_read is None else n_read,
        output_tokens=text_tokens(text) if n_written is None else n_written,
        cached_tokens=getattr(details, "cached_tokens", None) or 0,
    )


def _text_of(content: Any) -> str:
    """Return the words of a message; some servers answer with a list of parts."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str))
    return clean_text(content) if isinstance(content, str) else ""

"""A judgement as steps that ask a model, whoever carries the questions there.

A generator yields each question and is sent the reply, so sync and async callers run
the very same judgement.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from tracer.errors import UnreadableJudgementError
from tracer.judges._prompts import Message, messages, words
from tracer.judges._reading import Schema, UnfitReplyError, quoted, read_reply


@dataclass(frozen=True, slots=True)
class Question:
    """One request to a judge model."""

    name: str
    """What is asked, as the schema is named."""

    messages: list[Message]
    """What is said to it."""

    schema: Schema
    """JSON Schema of the reply."""

    repeat: int = 0
    """Which judgement it belongs to; two repeats are never one cached reply."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model answered."""

    text: str
    """Its words; empty if it refused or said nothing."""

    finish_reason: str = "stop"
    """Why it stopped: ``stop``, ``length``, ``content_filter`` …"""

    refusal: str = ""
    """What it said instead, if it refused."""

    model: str = ""
    """The model as the server names it."""

    input_tokens: int = 0
    """Tokens of the prompt, by the server's usage."""

    output_tokens: int = 0
    """Tokens of the answer, by the server's usage."""

    cached_tokens: int = 0
    """Tokens of the prompt that the server had cached."""


T = TypeVar("T")
Steps = Generator[Question, Reply, T]
"""A judgement under way."""

Check = Callable[[dict[str, Any]], None]
"""Raises UnfitReplyError if what was read is not whole."""


@dataclass(frozen=True, slots=True)
class Asker:
    """How one judgement asks."""

    language: str
    """Language of the prompts."""

    repeat: int = 0
    """Which judgement of the same thing it is."""

    repaired: list[str] = field(default_factory=list)
    """Names of the questions whose first reply could not be read."""

    def ask(
        self,
        name: str,
        task: str,
        schema: Schema,
        parts: Mapping[str, str],
        *,
        check: Check | None = None,
    ) -> Steps[dict[str, Any]]:
        """Ask one question, once more if the reply cannot be read, and return it.

        Raises:
            UnreadableJudgementError: The second reply cannot be read either, the model
                refused, or its answer was cut.
        """
        told = messages(self.language, task, schema, parts)
        question = Question(name, told, schema, self.repeat)
        reply = yield question
        _refuse_unfinished(reply, name)
        try:
            return _read(reply, schema, check)
        except UnfitReplyError as error:
            problem = str(error)
        self.repaired.append(name)
        second = yield replace(question, messages=self._repair(told, reply, problem))
        _refuse_unfinished(second, name)
        try:
            return _read(second, schema, check)
        except UnfitReplyError as error:
            raise UnreadableJudgementError(
                f"the judge's reply to {name!r} cannot be read, nor can the one after "
                f"a request to repair it: {error}. It began {quoted(second.text)}; "
                "try another judge model, or one with structured output"
            ) from None

    def _repair(self, told: list[Message], reply: Reply, problem: str) -> list[Message]:
        ask_again = words(self.language)["repair"].format(problem=problem)
        # an empty turn of the assistant is refused by some servers
        said = [{"role": "assistant", "content": reply.text}] if reply.text else []
        return [*told, *said, {"role": "user", "content": ask_again}]


def _read(reply: Reply, schema: Schema, check: Check | None) -> dict[str, Any]:
    found = read_reply(reply.text, schema)
    if check is not None:
        check(found)
    return found


def _refuse_unfinished(reply: Reply, name: str) -> None:
    """Raise where asking again would bring the same: a refusal, or a cut answer."""
    if reply.refusal:
        raise UnreadableJudgementError(
            f"the judge refused to answer {name!r}: {quoted(reply.refusal)}"
        )
    if reply.finish_reason == "length":
        raise UnreadableJudgementError(
            f"the judge's reply to {name!r} was cut after {reply.output_tokens} tokens;"
            " give the endpoint a greater max_output_tokens"
        )
    if reply.finish_reason == "content_filter":
        raise UnreadableJudgementError(
            f"the judge's reply to {name!r} was withheld by the server's content filter"
        )

"""Customers as a shop has them: people, sessions of several turns, departments."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openai import OpenAI, OpenAIError

import tracer
from examples.support_bot.bot import answer
from examples.support_bot.questions import QUESTIONS, REFUSED

_CHANNELS = ("web", "app", "phone")


@dataclass(frozen=True)
class Conversation:
    """What one customer asks in one session."""

    user_id: str
    """The customer."""

    session_id: str
    """The session; its turns share it."""

    language: str
    """``en`` or ``ko``."""

    department: str
    """Who the first question is for."""

    channel: str
    """How the customer came: ``web``, ``app`` or ``phone``."""

    prompt_version: str
    """Which instructions the bot had at the time."""

    turns: tuple[str, ...]
    """The questions, oldest first."""


def conversations(
    count: int, *, prompt_version: str, seed: int = 0
) -> Iterator[Conversation]:
    """Yield conversations, the same for the same seed; now and then one is refused."""
    rng = random.Random(f"{seed}/{prompt_version}")
    for number in range(count):
        first = rng.choice(QUESTIONS)
        alike = [each.text for each in QUESTIONS if each.language == first.language]
        turns = [first.text, *rng.sample(alike, k=rng.choice((0, 0, 1, 1, 2)))]
        if rng.random() < 0.04:
            turns.append(rng.choice(REFUSED))
        yield Conversation(
            user_id=f"customer-{rng.randrange(40):02d}",
            session_id=f"session-{prompt_version}-{seed}-{number:04d}",
            language=first.language,
            department=first.department,
            channel=rng.choice(_CHANNELS),
            prompt_version=prompt_version,
            turns=tuple(turns),
        )


def hold(conversation: Conversation, *, client: OpenAI) -> list[str | None]:
    """Hold a conversation; returns an answer a turn, None where the model failed."""
    answers: list[str | None] = []
    history: list[dict[str, Any]] = []
    with tracer.using(
        user_id=conversation.user_id,
        session_id=conversation.session_id,
        tags=[conversation.channel],
        metadata={
            "department": conversation.department,
            "language": conversation.language,
            "prompt_version": conversation.prompt_version,
        },
    ):
        for question in conversation.turns:
            try:
                said = answer(
                    question,
                    client=client,
                    prompt_version=conversation.prompt_version,
                    history=history,
                )
            except OpenAIError:
                answers.append(None)
                continue
            answers.append(said)
            history += [
                {"role": "user", "content": question},
                {"role": "assistant", "content": said},
            ]
    return answers

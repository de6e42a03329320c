"""A week of customers: real calls, made now, recorded at the times of the past days."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from openai import OpenAI
from tqdm import tqdm

import tracer
from dashboard.demo.past import Past
from examples.support_bot import (
    QUESTIONS,
    Conversation,
    answers_in_language,
    conversations,
    dataset_rows,
    hold,
    is_polite,
    mentions_facts,
)

HOUR_NS = 3600 * 10**9
FIRST_HOUR, SWITCH_HOUR = 166, 70
"""Hours ago: when the week began, and when version v2 took over from v1."""

EXPECTED = {
    row["inputs"]["question"]: row["expected"] for row in dataset_rows(QUESTIONS)
}
"""What a good answer to each question says, by the question's text."""


@dataclass
class Week:
    """What was done, as the demo counted it itself."""

    n_calls: int = 0
    """Questions asked; each is one trace."""
    n_scores: int = 0
    """Judgements made on them."""


def live_through(past: Past, client: OpenAI, *, size: int) -> Week:
    """Hold the week's conversations, judge every answer, and count.

    Args:
        past: Moves what is recorded to the time at which it is to have been.
        client: The wrapped client that the bot asks.
        size: Conversations for each of the two prompt versions.
    """
    week = Week()
    thumbs = random.Random(7)
    for at_ns, conversation in tqdm(
        timetable(size), total=2 * size, desc="a week of traffic", disable=None
    ):
        with past.at(at_ns) as moment:
            answers = hold(conversation, client=client)
            for call, question, answer in zip(
                moment.calls, conversation.turns, answers, strict=True
            ):
                week.n_calls += 1
                if answer is not None and question in EXPECTED:
                    week.n_scores += judge(call, question, answer, thumbs)
    return week


def judge(
    call: tuple[str, str], question: str, answer: str, thumbs: random.Random
) -> int:
    """Score one answer, as code does at once and a customer now and then."""
    expected = EXPECTED[question]
    facts = mentions_facts(answer, expected)
    found = {
        "facts": facts,
        "right language": answers_in_language(answer, expected),
        "polite": is_polite(answer),
    }
    trace_id, span_id = call
    for name, value in found.items():
        tracer.score(
            name,
            value,
            trace_id=trace_id,
            span_id=span_id,
            source="code",
            author="support_bot@1",
            scale=(0, 1),
        )
    if thumbs.random() < 0.7:
        return len(found)
    tracer.score("helpful", facts >= 0.5, trace_id=trace_id, span_id=span_id)
    return len(found) + 1


def timetable(size: int) -> Iterator[tuple[int, Conversation]]:
    """Yield when each conversation was to have begun, oldest first.

    Most customers come by day; the hours are drawn, the same for the same size.
    """
    now_ns = time.time_ns()
    spans_of_hours = {"v1": (FIRST_HOUR, SWITCH_HOUR), "v2": (SWITCH_HOUR, 1)}
    for version, (first, last) in spans_of_hours.items():
        rng = random.Random(version)
        hours_ago = sorted(
            (rng.uniform(last, first) for _ in range(size)), reverse=True
        )
        held = conversations(size, prompt_version=version)
        for hour, conversation in zip(hours_ago, held, strict=True):
            yield now_ns - int(hour * HOUR_NS), conversation

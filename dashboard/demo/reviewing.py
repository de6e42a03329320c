"""Two people who work off part of a queue, each with a mind of their own."""

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from dashboard.demo.keeping import QUALITY, QUEUE
from dashboard.demo.week import EXPECTED
from examples.support_bot import answers_in_language, is_polite, mentions_facts
from tracer.client import Client

PEOPLE: Final = {"jiwoo": 0.8, "sam": 0.55}
"""Who reads, and which share of the queue they have read so far."""


def review(reader: Client, *, project: str, size: int) -> int:
    """Have both people answer their share at the same time; return how many answers."""

    def read(person: str) -> int:
        return _read(reader, person, round(PEOPLE[person] * size), project=project)

    with ThreadPoolExecutor(len(PEOPLE), thread_name_prefix="reading") as threads:
        return sum(threads.map(read, PEOPLE))


def _read(reader: Client, person: str, most: int, *, project: str) -> int:
    rng = random.Random(person)
    place: dict[str, Any] = {"author": person, "project": project}
    for number in range(most):
        item = reader.lease_queue_item(QUEUE["id"], **place)["item"]
        if item is None:
            return number
        call = reader.trace(item["trace_id"]).spans[0]
        said = judged(call["input"]["question"], call["output"], rng)
        reader.answer_queue_item(QUEUE["id"], item["id"], said, **place)
    return most


def judged(question: str, answer: str, rng: random.Random) -> Mapping[str, Any]:
    """Return what a person says of an answer, who may be strict that minute."""
    expected = EXPECTED.get(question)
    if expected is None:  # what the guardrail stopped: the bot was right to decline
        return {"correct": True, QUALITY: 4}
    facts = mentions_facts(answer, expected)
    is_read = answers_in_language(answer, expected)
    quality = 1 + 3 * facts * is_read + is_polite(answer) * is_read
    mood = rng.choice((-1, 0, 0, 0, 0, 0))
    said: dict[str, Any] = {
        "correct": facts >= 0.5 and is_read,
        QUALITY: min(5, max(1, round(quality) + mood)),
    }
    if facts < 0.5 and is_read:
        said["better_answer"] = " ".join(ways[0] for ways in expected["facts"])
    return said

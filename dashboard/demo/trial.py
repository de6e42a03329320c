"""Closing the circle: traffic becomes a dataset, and both prompts are tried on it."""

from collections.abc import Callable, Sequence
from typing import Any

from openai import OpenAI

from dashboard.demo.week import EXPECTED
from examples.support_bot import answer, answers_in_language, is_polite, mentions_facts
from tracer.client import Client
from tracer.evaluation import Dataset, Evaluation, EvaluationResult

DATASET = "delivery-questions"
TRIALS = 3

MOST_TRACES = 50
"""How many calls are looked at for the dataset, the newest."""


def gather(reader: Client, *, project: str, limit: int) -> Dataset:
    """Make a dataset of what customers asked the delivery department; save it.

    The same can be done in the dashboard: filter traces, "add to dataset".
    """
    asked = reader.entry_spans(
        project=project,
        where=[("metadata.department", "=", "delivery"), ("status", "=", "ok")],
        limit=MOST_TRACES,
    )
    calls: dict[str, Any] = {}
    for call in asked:
        question = call["input"]["question"]
        if question in EXPECTED and len(calls) < limit:
            calls.setdefault(question, call)
    found = Dataset.from_traces(calls.values(), fields={"question": "input.question"})
    rows = [
        row | {"expected": EXPECTED[row["inputs"]["question"]]} for row in found.rows
    ]
    about = "What customers of the delivery department ask, in English and Korean."
    told: dict[str, Any] = {"project": project, "author": "tracer demo"}
    note = "a week of delivery questions, a first draft of the answers"
    reader.save_dataset(DATASET, drafted(rows), note=note, description=about, **told)
    saved = reader.save_dataset(DATASET, rows, note="answers checked", **told)
    return Dataset(rows, name=DATASET, version=saved["version"])


def drafted(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows as they were before somebody looked at them again.

    The last question is not there yet, and one answer lacks its second fact.
    """
    first, *others = rows[:-1] or rows
    expected = first["expected"] | {"facts": first["expected"]["facts"][:1]}
    return [first | {"expected": expected}, *others]


def evaluate(
    dataset: Dataset, client: OpenAI, *, versions: tuple[str, ...] = ("v1", "v2")
) -> dict[str, EvaluationResult]:
    """Try each prompt version three times on every question."""
    return {
        version: Evaluation(
            dataset,
            [mentions_facts, answers_in_language, is_polite],
            trials=TRIALS,
            name="support-bot",
            evaluation_name=f"support-bot {version}",
            metadata={"prompt_version": version},
        ).run(bot(client, version))
        for version in versions
    }


def bot(client: OpenAI, version: str) -> Callable[[str], str]:
    """Return the support bot with one version of its prompt."""

    def support_bot(question: str) -> str:
        return answer(question, client=client, prompt_version=version)

    support_bot.__name__ = f"support_bot {version}"
    return support_bot

"""What a team keeps beside its traffic: judges, alerts, views, a rule, a queue."""

import time
from typing import Any, Final

from examples.support_bot.bot import MODEL
from tracer.client import Client

AUTHOR: Final = "tracer demo"
DAY_S: Final = 86_400

QUALITY: Final = "quality"
"""The score of the judge of traffic, and of the people who look at the same answers."""

CORRECTNESS: Final = "answer_correctness"
"""The score of the judge that knows what a good answer says."""

INCOMPLETE: Final = [["score.facts", "<", 1]]
"""The calls that judge and people look at: the newest whose answer lacks a fact."""

JUDGES: Final[dict[str, dict[str, Any]]] = {
    "answer-quality": {
        "kind": "rubric",
        "model": {"model": MODEL, "concurrency": 8},
        "rubric": {
            "name": QUALITY,
            "criteria": (
                "Does the answer take up what the customer asked, in the customer's "
                "language, completely and politely?"
            ),
            "levels": {
                "1": "It does not take up the question, or is in another language.",
                "2": "It touches the question, and leaves most of it open.",
                "3": "It answers about half of the question.",
                "4": "It answers the question; a detail is missing.",
                "5": "It answers all of the question, politely.",
            },
            "needs": ["question", "output"],
        },
    },
    "correct-by-the-book": {
        "kind": "rubric",
        "model": {"model": MODEL, "concurrency": 8},
        "rubric": CORRECTNESS,
    },
}
"""Judges by their id: one for traffic, one for rows whose answer is known."""

ALERTS: Final[tuple[dict[str, Any], ...]] = (
    {
        "id": "facts-left-out",
        "name": "Answers leave facts out",
        "measure": "score",
        "score": "facts",
        "test": "below",
        "threshold": 0.98,
    },
    {
        "id": "failed-calls",
        "name": "Too many failed calls",
        "measure": "error_rate",
        "test": "above",
        "threshold": 0.2,
    },
    {
        "id": "cost-of-a-day",
        "name": "Cost of a day",
        "measure": "cost_usd",
        "test": "above",
        "threshold": 5.0,
    },
)
"""Rules of alerts: the first is all but sure to fire, the others are calm."""

VIEWS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "failed": ("Failed calls", {"status": "error", "range": "7d"}),
    "korean-delivery": (
        "Delivery, asked in Korean",
        {
            "filter": ["metadata.department = delivery", "metadata.language = ko"],
            "range": "7d",
        },
    ),
    "unhelpful": (
        "What customers found unhelpful",
        {"filter": ["score.helpful = 0"], "range": "30d", "order": "-duration_ms"},
    ),
}
"""Views of the traces page: id → name and state."""

QUEUE: Final[dict[str, Any]] = {
    "id": "answers-to-read",
    "name": "Answers that leave facts out",
    "description": "What code found to be incomplete, each read by two of us.",
    "source": {"kind": "filter", "where": INCOMPLETE, "since": "7d"},
    "annotators": 2,
    "form": [
        {
            "name": "correct",
            "kind": "yes_no",
            "title": {"en": "Is the answer correct?", "ko": "답이 맞나요?"},
        },
        {
            "name": QUALITY,
            "kind": "scale",
            "min": 1,
            "max": 5,
            "title": {"en": "How good is it?", "ko": "얼마나 좋은 답인가요?"},
        },
        {
            "name": "better_answer",
            "kind": "text",
            "corrects": True,
            "title": {"en": "A better answer", "ko": "더 나은 답"},
        },
    ],
}
"""The questions that people are asked about answers."""


def keep(reader: Client, *, project: str, queue_size: int) -> None:
    """Store all of it; the queue is filled with what is incomplete."""
    for judge_id, definition in JUDGES.items():
        reader.save_judge(judge_id, definition, project=project, author=AUTHOR)
    for alert in ALERTS:
        about = {"project": project, "author": AUTHOR, "window_s": DAY_S, "min_n": 5}
        reader.save_alert_rule({**alert, **about})
    for view_id, (name, params) in VIEWS.items():
        reader.save_view(
            view_id,
            project=project,
            name=name,
            page="traces",
            params={**params, "project": project},
            author=AUTHOR,
        )
    reader.save_online_rule(_online(project))
    reader.save_queue({**QUEUE, "project": project, "author": AUTHOR})
    reader.fill_queue(QUEUE["id"], project=project, limit=queue_size, author=AUTHOR)


def _online(project: str) -> dict[str, Any]:
    """Return a rule for a tenth of the traffic from here on, and little money."""
    return {
        "id": "a-tenth",
        "project": project,
        "state": "active",
        "scorers": ["answer-quality"],
        "sample_rate": 0.1,
        "max_per_day": 100,
        "max_cost_usd_per_day": 0.5,
        "position_ns": time.time_ns() - DAY_S * 10**9,
    }

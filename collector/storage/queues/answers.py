"""Annotators' answers: each is a score of a person on what the item is about."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from collector.api.scoring import score_row
from collector.records import ScoreRow
from collector.storage.conditions import Condition
from collector.storage.edits import store_score
from collector.storage.engine import Store
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Page, Scope
from collector.storage.reads.scores import Versions, list_scores

TEXT: Final = "text"
"""Label of an answer in words; the words are the score's explanation."""


def store_answers(
    store: Store,
    queue: Row,
    item: Row,
    answers: Mapping[str, Any],
    *,
    author: str,
    note: str,
) -> None:
    """Store each answer as a score; an earlier one of the same author gives way."""
    fields = {one["name"]: one for one in queue["form"]}
    with store.handle("write") as client:
        for name, answer in answers.items():
            said = _said(fields[name], answer, note)
            store_score(client, score_row(_about(queue, item, name, author) | said))


def take_back(
    store: Store, reader: Reader, queue: Row, item: Row, *, author: str
) -> dict[str, Any]:
    """Take an author's answers back and return them: field → answer."""
    found: dict[str, Any] = {}
    for one in queue["form"]:
        about = _about(queue, item, one["name"], author)
        score = _newest(reader, queue["project"], score_row(about | {"label": "?"}))
        if score is None:
            continue
        found[one["name"]] = answer_of(one["kind"], score)
        kept = {key: score[key] for key in ("label", "explanation")}
        value = bool(score["value"]) if score["type"] == "bool" else score["value"]
        row = score_row(about | kept | {"value": value})
        with store.handle("write") as client:
            store_score(client, replace(row, deleted=True))
    return found


def answer_of(kind: str, score: Mapping[str, Any]) -> Any:
    """Return what a score says as an answer to a field."""
    if kind == "text":
        return score["explanation"] or ""
    if kind == "labels":
        return score["label"]
    return bool(score["value"]) if kind == "yes_no" else score["value"]


def _newest(reader: Reader, project: str, row: ScoreRow) -> Row | None:
    page = Page(where=[Condition("score_id", "=", row.score_id.hex())], limit=1)
    found, _ = list_scores(reader, Scope(projects=(project,)), page, Versions())
    return found[0] if found else None


def _said(field: Mapping[str, Any], answer: Any, note: str) -> dict[str, Any]:
    if field["kind"] == "text":
        return {"label": TEXT, "explanation": answer}
    if field["kind"] == "labels":
        return {"label": answer, "explanation": note}
    scale = [field["min"], field["max"]] if field["kind"] == "scale" else None
    return {"value": answer, "explanation": note, "scale": scale}


def _about(queue: Row, item: Row, name: str, author: str) -> dict[str, Any]:
    """Return which score an answer is: what it is about, its name and its author."""
    about = {
        "project": queue["project"],
        "name": name,
        "source": "human",
        "author": author,
        "metadata": {"queue": queue["id"], "item": item["id"]},
        "trace_id": item["trace_id"],
        "span_id": item["span_id"],
    }
    if item["evaluation_id"]:
        run = ("evaluation_id", "example_id", "trial")
        return about | {key: item[key] for key in run}
    if not item["trace_id"]:
        # a row of a dataset is no call: its scores belong to the queue's own review
        example = {"example_id": item["row"]["id"], "trial": 0}
        return about | {"evaluation_id": f"review:{queue['id']}"} | example
    return about

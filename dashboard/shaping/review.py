"""Annotation queues: lists, questions, what is looked at, and how far people agree."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.conversation.messages import value_message
from dashboard.shaping.conversation.previews import one_line
from dashboard.shaping.traces.steps import content
from tracer.stats import AnnotatorAgreement

Row = Mapping[str, Any]

NEW_FORM: Final = (
    {"name": "correct", "kind": "yes_no", "required": True},
    {"name": "quality", "kind": "scale", "min": 1, "max": 5, "required": True},
    {"name": "better_answer", "kind": "text", "corrects": True},
)
"""What a new queue asks until somebody changes it."""


def queue_columns(names: Mapping[str, str]) -> list[Column]:
    """Return the columns of the list of queues."""
    return [
        Column("name", names["name"], "minmax(160px, 1.4fr)"),
        Column("project", names["project"], "max-content"),
        Column("source", names["source"], "max-content"),
        Column("fields", names["fields"], "minmax(120px, 1fr)"),
        Column("done", names["done"], "minmax(150px, max-content)"),
        Column("mine", names["mine"], "max-content", end=True),
        Column("annotators", names["annotators"], "max-content", end=True),
        Column("at", names["at"], "max-content"),
    ]


def queue_rows(queues: Iterable[Row], sources: Mapping[str, str]) -> list[Row]:
    """Return queues as rows of a table; their ids are ``project/queue``."""
    return [
        cells.row(
            f"{queue['project']}/{queue['id']}",
            name=cells.words(queue["name"], title=queue["description"] or None),
            project=cells.words(queue["project"], soft=True),
            source=cells.words(sources.get(queue["source"]["kind"]), soft=True),
            fields=cells.chips([one["name"] for one in queue["form"]], most=4),
            done=cells.bar(
                queue["n_done"],
                most=queue["n_items"],
                text=f"{queue['n_done']:,} / {queue['n_items']:,}",
            ),
            mine=numbers.count(queue["n_mine"]),
            annotators=numbers.count(queue["annotators"]),
            at=cells.moment(queue["at"]),
        )
        for queue in queues
    ]


def questions(form: Iterable[Row], language: str) -> list[dict[str, Any]]:
    """Return a queue's questions as the component asks them, in one language."""
    return [
        {
            **{key: one[key] for key in ("name", "kind", "min", "max", "labels")},
            "required": one["required"],
            "title": one["title"].get(language) or one["name"],
        }
        for one in form
    ]


def shown(item: Row, span: Row | None, titles: Mapping[str, str]) -> list[Row]:
    """Return what an item says: its messages, or inputs, output and reference.

    Args:
        item: The item of the queue.
        span: The call that it is about; None for a row of a dataset.
        titles: What people call ``input``, ``output`` and ``expected``.
    """
    if span is not None:
        return list(content(span, titles))
    row = item["row"] or {}
    found = {"input": row.get("inputs"), **row}
    return [
        value_message(titles[part], found[part])
        for part in ("input", "output", "expected")
        if found.get(part) is not None
    ]


def slug(name: str) -> str:
    """Return an id for a queue of this name: words with dashes, Korean as it is."""
    words = re.findall(r"[\w.]+", name.lower())
    return "-".join(words)[:80]


def form_of(edited: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the questions of a table that somebody filled in; empty rows left out.

    The collector says what does not fit.
    """
    return [_field(row) for row in edited if str(row.get("name") or "").strip()]


def _field(row: Row) -> dict[str, Any]:
    kind = row.get("kind") or "yes_no"
    field: dict[str, Any] = {"name": str(row["name"]).strip(), "kind": kind}
    titles = {
        language: str(row.get(f"title_{language}") or "").strip()
        for language in ("en", "ko")
    }
    if any(titles.values()):
        field["title"] = titles
    if kind == "scale":
        field |= {"min": _whole(row.get("min"), 1), "max": _whole(row.get("max"), 5)}
    if kind == "labels":
        labels = str(row.get("labels") or "").split(",")
        field["labels"] = [one.strip() for one in labels if one.strip()]
    if kind == "text":
        field["corrects"] = bool(row.get("corrects"))
    return field | {"required": bool(row.get("required"))}


def _whole(value: Any, default: int) -> int:
    return default if value is None or value != value else int(value)


def form_table(form: Iterable[Row]) -> list[dict[str, Any]]:
    """Return questions as rows of the table in which they are edited."""
    return [
        {
            "name": one["name"],
            "kind": one["kind"],
            "title_en": one.get("title", {}).get("en", ""),
            "title_ko": one.get("title", {}).get("ko", ""),
            "min": one.get("min"),
            "max": one.get("max"),
            "labels": ", ".join(one.get("labels") or ()),
            "required": bool(one.get("required")),
            "corrects": bool(one.get("corrects")),
        }
        for one in form
    ]


def agreement_columns(names: Mapping[str, str]) -> list[Column]:
    """Return the columns of how far people agree."""
    return [
        Column("field", names["field"], "minmax(120px, 1fr)"),
        Column("n_items", names["n_items"], "max-content", end=True),
        Column("annotators", names["annotators"], "max-content", end=True),
        Column(
            "exact", names["exact"], "max-content", end=True, help=names["exact_help"]
        ),
        Column(
            "alpha", names["alpha"], "max-content", end=True, help=names["alpha_help"]
        ),
        Column("kappa", names["kappa"], "minmax(120px, 1fr)", help=names["kappa_help"]),
    ]


def agreement_rows(agreed: Mapping[str, AnnotatorAgreement]) -> list[Row]:
    """Return how far people agree as rows of a table, a field each."""
    return [
        cells.row(
            field,
            field=cells.words(field),
            n_items=numbers.count(one.n_items),
            annotators=numbers.count(one.n_annotators),
            exact=_with_interval(one.exact, one.exact_ci95, numbers.percent),
            alpha=_with_interval(one.alpha, one.alpha_ci95, numbers.two_decimals),
            kappa=cells.chips(
                [
                    f"{first} · {second}: {numbers.two_decimals(kappa)} (n {n})"
                    for (first, second), (kappa, n) in one.kappas.items()
                ],
            ),
        )
        for field, one in agreed.items()
    ]


def _with_interval(
    value: float | None, bounds: tuple[float, float] | None, written: Any
) -> Cell:
    if value is None:
        return None
    if bounds is None:
        return str(written(value))
    low, high = (written(end) for end in bounds)
    return f"{written(value)} [{low}, {high}]"


def answer_rows(
    items: Iterable[Row],
    answers: Iterable[Row],
    form: Sequence[Row],
    *,
    words: Mapping[str, str],
    only: Iterable[str] | None = None,
) -> list[Row]:
    """Return items as rows of a table: who answered, and what each said.

    Args:
        items: A queue's items.
        answers: Its answers.
        form: Its questions.
        words: What people call ``open done yes no``.
        only: Ids of the items wanted; all if None.
    """
    said: dict[str, dict[str, list[tuple[str, Any]]]] = {}
    for row in answers:
        by_field = said.setdefault(row["item"], {})
        by_field.setdefault(row["name"], []).append((row["author"], row["answer"]))
    wanted = None if only is None else set(only)
    return [
        cells.row(
            item["id"],
            number=numbers.count(item["number"]),
            state=cells.badge(
                words[item["state"]], "good" if item["state"] == "done" else "none"
            ),
            people=cells.chips(item["done_by"]),
            **{
                f"answer.{one['name']}": _answers(
                    said.get(item["id"], {}).get(one["name"]), words
                )
                for one in form
            },
        )
        for item in items
        if wanted is None or item["id"] in wanted
    ]


def _answers(given: list[tuple[str, Any]] | None, words: Mapping[str, str]) -> Cell:
    if not given:
        return None
    written = [(author, _written(answer, words)) for author, answer in given]
    full = " · ".join(f"{author}: {answer}" for author, answer in written)
    if len({answer for _, answer in written}) == 1:
        return cells.words(one_line(written[0][1]), title=full)
    return cells.words(one_line(full), title=full, tone="warn")


def _written(answer: Any, words: Mapping[str, str]) -> str:
    if isinstance(answer, bool):
        return words["yes" if answer else "no"]
    return answer if isinstance(answer, str) else numbers.figure(answer)


def answer_columns(names: Mapping[str, str], form: Sequence[Row]) -> list[Column]:
    """Return the columns of `answer_rows`."""
    return [
        Column("number", names["number"], "max-content", end=True),
        Column("state", names["state"], "max-content"),
        Column("people", names["people"], "max-content"),
        *(
            Column(f"answer.{one['name']}", one["name"], "minmax(90px, 1fr)")
            for one in form
        ),
    ]

"""Annotation queues: what people are asked about which calls, and how far they are."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from collector.api.refusals import Refusal, not_found
from collector.storage.documents.versions import (
    Change,
    Place,
    list_documents,
    write_document,
)
from collector.storage.engine import Store
from collector.storage.queues.forms import read_form
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Scope

STATES: Final = ("active", "paused")
SOURCES: Final = ("filter", "dataset", "evaluation", "none")
MOST_ANNOTATORS: Final = 10
_NEW_QUEUE: Final[dict[str, Any]] = {
    "name": "",
    "description": "",
    "state": "active",
    "source": {"kind": "none"},
    "form": [],
    "annotators": 1,
    "lease_s": 900,
    "dataset": None,
}
COUNTS: Final = ("n_items", "n_done", "n_answers", "n_mine")


def save_queue(
    store: Store,
    reader: Reader,
    place: Place,
    given: Mapping[str, Any],
    *,
    author: str,
    replaces: int | None,
) -> Row:
    """Store what changed of a queue and return it.

    Raises:
        Refusal: 409 if another version is the newest, 422 for a value that does not
            fit its key.
    """
    if "/" in place.id or len(place.id) > 100:
        raise _unfit("id", place.id, "give 100 characters at most, without a slash")
    changed = {key: value for key, value in given.items() if key in _NEW_QUEUE}
    for key, value in changed.items():
        fits, hint = _FITTING[key]
        if not fits(value):
            raise _unfit(key, value, hint)
    if "form" in changed:
        changed["form"] = read_form(changed["form"])

    def change(newest: Row | None) -> Change:
        kept = {key: newest[key] for key in _NEW_QUEUE if newest and key in newest}
        body = _NEW_QUEUE | kept | changed
        if not body["form"]:
            read_form(body["form"])
        return Change(body | {"name": body["name"] or place.id}, author)

    saved = write_document(store, reader, place, change, replaces=replaces)
    return saved | counts_of(reader, saved["project"], place.id)


def list_queues(
    reader: Reader,
    projects: tuple[str, ...] | None,
    *,
    queue_id: str | None = None,
    author: str = "",
) -> list[Row]:
    """Return queues with their counts, the latest changed first."""
    found = list_documents(reader, "queue", projects, document_id=queue_id)
    counted = _counts(reader, projects, author, queue_id=queue_id or "")
    none = dict.fromkeys(COUNTS, 0)
    return [row | counted.get((row["project"], row["id"]), none) for row in found]


def read_queue(
    reader: Reader, projects: tuple[str, ...] | None, queue_id: str, author: str = ""
) -> Row:
    """Return one queue with its counts.

    Raises:
        Refusal: 404 if there is none.
    """
    found = list_queues(reader, projects, queue_id=queue_id, author=author)
    if not found:
        raise not_found("queue", queue_id, hint="GET /queues lists them")
    return found[0]


def counts_of(reader: Reader, project: str, queue_id: str, author: str = "") -> Row:
    """Return how many items a queue has, and how many are done.

    ``n_answers`` counts annotators' answers, ``n_mine`` those of `author`.
    """
    counted = _counts(reader, (project,), author, queue_id=queue_id)
    return counted.get((project, queue_id), dict.fromkeys(COUNTS, 0))


def _counts(
    reader: Reader,
    projects: tuple[str, ...] | None,
    author: str,
    *,
    queue_id: str = "",
) -> dict[tuple[str, str], Row]:
    scope = Scope(projects=projects)
    prefix = f"{queue_id}/" if queue_id else ""
    rows = reader.rows(
        "queue_counts",
        scope.parameters | {"author": author, "prefix": prefix},
        projects=scope.projects_sql("documents"),
    )
    return {
        (row["project"], row["queue"]): {key: int(row[key]) for key in COUNTS}
        for row in rows
    }


def _unfit(key: str, value: object, hint: str) -> Refusal:
    shown = repr(value)[:80]
    message = f"{key} {shown} does not fit a queue"
    return Refusal(422, "bad_queue", message, hint=hint)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 10_000


def _is_source(value: object) -> bool:
    return isinstance(value, Mapping) and value.get("kind") in SOURCES


def _is_whole(low: int, high: int) -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        return type(value) is int and low <= value <= high

    return fits


_FITTING: Final[dict[str, tuple[Callable[[object], bool], str]]] = {
    "name": (_is_text, "give text"),
    "description": (_is_text, "give text"),
    "state": (lambda value: value in STATES, f"use one of {', '.join(STATES)}"),
    "source": (
        _is_source,
        f"give an object whose kind is one of {', '.join(SOURCES)}",
    ),
    "form": (lambda _: True, ""),
    "annotators": (_is_whole(1, MOST_ANNOTATORS), f"give 1 to {MOST_ANNOTATORS}"),
    "lease_s": (_is_whole(5, 86_400), "give 5 to 86400 seconds"),
    "dataset": (
        lambda value: value is None or _is_text(value),
        "name a dataset, or null",
    ),
}

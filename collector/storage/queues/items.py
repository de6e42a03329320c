"""Items of annotation queues: each is lent to one annotator at a time.

An item is open until as many people answered it as its queue wants. A lease keeps two
people from getting the same last place; it ends by itself, so that nobody who went
home holds an item.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import orjson

from collector.api.refusals import Refusal, not_found
from collector.storage.documents.leases import is_live
from collector.storage.documents.versions import (
    Change,
    Place,
    list_documents,
    write_document,
    write_documents,
)
from collector.storage.engine import Store
from collector.storage.reads.reader import Reader, Row

MOST_ITEMS: Final = 10_000
MOST_AT_ONCE: Final = 2_000
TARGET_KEYS: Final = (
    *("trace_id", "span_id", "evaluation_id", "example_id", "trial"),
    *("dataset", "row"),
)
_NEW_ITEM: Final[dict[str, Any]] = {
    "queue": "",
    "number": 0,
    "state": "open",
    **dict.fromkeys(TARGET_KEYS),
    "done_by": [],
    "skipped_by": [],
    "leases": {},
}
_LEASING = threading.Lock()


def add_items(
    store: Store, reader: Reader, queue: Row, given: Sequence[object], *, author: str
) -> int:
    """Put things to look at into a queue; return how many were not there yet.

    Raises:
        Refusal: 422 for what is no item; 413 beyond `MOST_ITEMS`.
    """
    if len(given) > MOST_AT_ONCE:
        raise _unfit(len(given), f"give {MOST_AT_ONCE} items at most at once")
    targets = {key_of(target): target for target in map(_target, given)}
    there = list_items(reader, queue)
    known = {item["id"] for item in there}
    number = 1 + max((item["number"] for item in there), default=0)
    bodies: dict[str, dict[str, Any]] = {}
    for key, target in targets.items():
        item_id = f"{queue['id']}/{key}"
        if item_id not in known:
            body = {"queue": queue["id"], "number": number + len(bodies)}
            bodies[item_id] = _NEW_ITEM | target | body
    if len(there) + len(bodies) > MOST_ITEMS:
        raise Refusal(
            413,
            "too_large",
            f"queue {queue['id']!r} would have over {MOST_ITEMS} items",
            hint="make another queue",
        )
    project = queue["project"]
    write_documents(store, reader, "queue-item", project, bodies, author=author)
    return len(bodies)


def list_items(
    reader: Reader, queue: Row, *, state: str | None = None, item_id: str | None = None
) -> list[Row]:
    """Return a queue's items in the order in which they came."""
    found = list_documents(
        reader,
        "queue-item",
        (queue["project"],),
        document_id=item_id,
        id_prefix=None if item_id else f"{queue['id']}/",
        state=state,
    )
    return sorted(found, key=lambda item: item["number"])


def read_item(reader: Reader, queue: Row, item_id: str) -> Row:
    """Return one item.

    Raises:
        Refusal: 404 if the queue has none of this id.
    """
    found = list_items(reader, queue, item_id=item_id)
    if not found or found[0]["queue"] != queue["id"]:
        raise not_found("queue item", item_id, hint="GET /queues/{id}/items lists them")
    return found[0]


def lease_item(
    store: Store, reader: Reader, queue: Row, *, author: str, item_id: str | None = None
) -> Row | None:
    """Lend the next item to an annotator; None if there is none for them.

    Who holds an item already gets the same again.
    """
    if queue["state"] != "active":
        return None
    with _LEASING:
        found = list_items(reader, queue, state="open", item_id=item_id)
        waiting = [item for item in found if item["queue"] == queue["id"]]
        now_ns = time.time_ns()
        held = [item for item in waiting if author in _live(item, now_ns)]
        for item in held or waiting:
            if not _is_for(item, author, queue["annotators"], now_ns):
                continue
            leases = _live(item, now_ns) | {author: now_ns + queue["lease_s"] * 10**9}
            try:
                return _write(
                    store,
                    reader,
                    item,
                    lambda body, leases=leases: {**body, "leases": leases},  # type: ignore[misc]
                    author=author,
                    replaces=item["version"],
                )
            except Refusal:
                continue  # another collector gave it away
    return None


def note_answer(
    store: Store, reader: Reader, queue: Row, item: Row, *, author: str
) -> Row:
    """Note that an annotator answered; the item is done with the last of them."""

    def answered(body: dict[str, Any]) -> dict[str, Any]:
        done_by = [*(one for one in body["done_by"] if one != author), author]
        is_done = len(done_by) >= queue["annotators"]
        return _freed(body, author) | {
            "done_by": done_by,
            "skipped_by": [one for one in body["skipped_by"] if one != author],
            "state": "done" if is_done else "open",
        }

    return _write(store, reader, item, answered, author=author)


def note_skip(store: Store, reader: Reader, item: Row, *, author: str) -> Row:
    """Note that an annotator does not want an item; others may."""

    def skipped(body: dict[str, Any]) -> dict[str, Any]:
        kept = [one for one in body["skipped_by"] if one != author]
        return _freed(body, author) | {"skipped_by": [*kept, author]}

    return _write(store, reader, item, skipped, author=author)


def reopen(store: Store, reader: Reader, queue: Row, item: Row, *, author: str) -> Row:
    """Forget that an annotator answered or skipped an item, and lend it to them."""
    until_ns = time.time_ns() + queue["lease_s"] * 10**9

    def reopened(body: dict[str, Any]) -> dict[str, Any]:
        done_by = [one for one in body["done_by"] if one != author]
        return body | {
            "done_by": done_by,
            "skipped_by": [one for one in body["skipped_by"] if one != author],
            "leases": body["leases"] | {author: until_ns},
            "state": "done" if len(done_by) >= queue["annotators"] else "open",
        }

    return _write(store, reader, item, reopened, author=author)


def key_of(target: Mapping[str, Any]) -> str:
    """Return what tells one target from the others of a queue."""
    if target["evaluation_id"]:
        named = [target["evaluation_id"], target["example_id"], target["trial"]]
    elif target["trace_id"]:
        named = [target["trace_id"], target["span_id"]]
    else:
        named = [target["dataset"], target["row"]["id"]]
    return hashlib.blake2b(orjson.dumps(named), digest_size=12).hexdigest()


def _target(given: object) -> dict[str, Any]:
    """Return what an item is about: a call, a prediction, or a row of a dataset."""
    if not isinstance(given, Mapping):
        raise _unfit(given, "give each item as an object")
    found = {key: given.get(key) for key in TARGET_KEYS}
    for key in ("trace_id", "span_id"):
        digits = 32 if key == "trace_id" else 16
        if found[key] is not None and not _is_hex(found[key], digits):
            raise _unfit(found[key], f"{key} has {digits} hex digits")
    row = found["row"]
    is_row = isinstance(row, Mapping) and isinstance(row.get("id"), str)
    if not found["trace_id"] and not (isinstance(found["dataset"], str) and is_row):
        raise _unfit(dict(given), "name a trace_id, or dataset and row")
    if found["evaluation_id"] and not _is_prediction(found):
        raise _unfit(dict(given), "name the prediction's example_id and trial")
    return found


def _is_prediction(target: Mapping[str, Any]) -> bool:
    """Return whether a score could be given to what is named."""
    named = all(isinstance(target[key], str) for key in ("evaluation_id", "example_id"))
    trial = target["trial"]
    return named and (trial is None or (type(trial) is int and 0 <= trial < 2**32))


def _is_hex(text: object, digits: int) -> bool:
    return (
        isinstance(text, str)
        and len(text) == digits
        and set(text) <= set("0123456789abcdef")
    )


def _live(item: Row, now_ns: int) -> dict[str, int]:
    leases: dict[str, int] = item["leases"]
    return {who: until for who, until in leases.items() if is_live(until, now_ns)}


def _is_for(item: Row, author: str, annotators: int, now_ns: int) -> bool:
    if author in item["done_by"] or author in item["skipped_by"]:
        return False
    taken = {*item["done_by"], *_live(item, now_ns)} - {author}
    return len(taken) < annotators


def _freed(body: dict[str, Any], author: str) -> dict[str, Any]:
    leases = {who: until for who, until in body["leases"].items() if who != author}
    return body | {"leases": leases}


def _write(
    store: Store,
    reader: Reader,
    item: Row,
    made: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    author: str,
    replaces: int | None = None,
) -> Row:
    def change(newest: Row | None) -> Change:
        if newest is None:
            raise not_found("queue item", item["id"], hint="it was taken away")
        body = _NEW_ITEM | {key: newest[key] for key in _NEW_ITEM if key in newest}
        return Change(made(body), author)

    place = Place("queue-item", item["project"], item["id"])
    return write_document(store, reader, place, change, replaces=replaces)


def _unfit(value: object, hint: str) -> Refusal:
    shown = repr(value)[:80]
    return Refusal(422, "bad_queue", f"{shown} is no item of a queue", hint=hint)

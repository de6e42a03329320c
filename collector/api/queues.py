"""Routes of annotation queues: what people are asked, item by item."""

from typing import Any

from starlette.routing import BaseRoute, Route

from collector.api.call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    rows_answer,
    text_in,
)
from collector.api.documents import replaced_in, taken_away
from collector.api.parameters import project_in, project_to_edit, projects_of
from collector.api.refusals import Refusal
from collector.storage.documents.versions import Place, delete_documents
from collector.storage.queues import answers as queue_answers
from collector.storage.queues import items as queue_items
from collector.storage.queues.definitions import (
    counts_of,
    list_queues,
    read_queue,
    save_queue,
)
from collector.storage.queues.forms import MOST_CHARS, read_answers
from collector.storage.reads.reader import Row


def queues(call: Call) -> Answer:
    """Answer the annotation queues with their counts, the latest changed first."""
    author = call.query.get("author") or ""
    return rows_answer(list_queues(call.reader, projects_of(call), author=author))


def queue(call: Call) -> Answer:
    """Answer one queue."""
    author = call.query.get("author") or ""
    queue_id = call.path["id"]
    return json_answer(read_queue(call.reader, projects_of(call), queue_id, author))


def put_queue(call: Call) -> Answer:
    """Store what changed of a queue and answer it."""
    body = json_body(call)
    place = Place("queue", project_in(call, body, required=True), call.path["id"])
    saved = save_queue(
        call.store,
        call.reader,
        place,
        body,
        author=text_in(body, "author"),
        replaces=replaced_in(body),
    )
    return json_answer(saved)


def delete_queue(call: Call) -> Answer:
    """Take a queue away with its items; the scores that it made stay."""
    projects = (project_to_edit(call, what="queue"),)
    found = read_queue(call.reader, projects, call.path["id"])
    # first: where this ends half-way, the queue is there to be taken away once more
    there = queue_items.list_items(call.reader, found)
    delete_documents(call.store, "queue-item", there)
    return taken_away(call, "queue")


def items(call: Call) -> Answer:
    """Answer a queue's items in their order."""
    found = read_queue(call.reader, projects_of(call), call.path["id"])
    state = call.query.get("state") or None
    return rows_answer(queue_items.list_items(call.reader, found, state=state))


def add_items(call: Call) -> Answer:
    """Put things to look at into a queue; those that are there stay as they are."""
    body = json_body(call)
    found, given = _queue(call, body), body.get("items")
    if not isinstance(given, list):
        hint = "give items as a list of objects"
        raise Refusal(422, "bad_body", "items is no list", hint=hint)
    author = text_in(body, "author")
    n_added = queue_items.add_items(
        call.store, call.reader, found, given, author=author
    )
    n_known = len(given) - n_added
    return json_answer({"n_added": n_added, "n_known": n_known})


def lease(call: Call) -> Answer:
    """Lend the next item to an annotator; ``item`` is null if none is left for them."""
    body = json_body(call)
    found, author = _queue(call, body), text_in(body, "author", required=True)
    item_id = text_in(body, "item") or None
    item = queue_items.lease_item(
        call.store, call.reader, found, author=author, item_id=item_id
    )
    return _told(call, found, author, item)


def answer(call: Call) -> Answer:
    """Store an annotator's answers as scores, and answer the item."""
    body = json_body(call)
    found, author = _queue(call, body), text_in(body, "author", required=True)
    item = _item(call, found, body)
    answers = read_answers(found["form"], body.get("answers"))
    note = text_in(body, "note")[:MOST_CHARS]
    queue_answers.store_answers(
        call.store, found, item, answers, author=author, note=note
    )
    item = queue_items.note_answer(call.store, call.reader, found, item, author=author)
    return _told(call, found, author, item)


def skip(call: Call) -> Answer:
    """Leave an item to others, and answer it."""
    body = json_body(call)
    found, author = _queue(call, body), text_in(body, "author", required=True)
    item = _item(call, found, body)
    item = queue_items.note_skip(call.store, call.reader, item, author=author)
    return _told(call, found, author, item)


def undo(call: Call) -> Answer:
    """Take an annotator's answers to an item, or its skip, back, and lend it again."""
    body = json_body(call)
    found, author = _queue(call, body), text_in(body, "author", required=True)
    item = _item(call, found, body)
    answers = queue_answers.take_back(
        call.store, call.reader, found, item, author=author
    )
    item = queue_items.reopen(call.store, call.reader, found, item, author=author)
    return _told(call, found, author, item, answers=answers)


def _queue(call: Call, body: dict[str, Any]) -> Row:
    project = project_in(call, body)
    projects = (project,) if project else None
    return read_queue(call.reader, projects, call.path["id"])


def _item(call: Call, found: Row, body: dict[str, Any]) -> Row:
    item_id = text_in(body, "item", required=True)
    return queue_items.read_item(call.reader, found, item_id)


def _told(
    call: Call, found: Row, author: str, item: Row | None, **more: object
) -> Answer:
    counts = counts_of(call.reader, found["project"], found["id"], author)
    return json_answer({"item": item, "counts": counts} | more)


def _route(path: str, function: Any, *methods: str) -> Route:
    return Route(path, endpoint(function, is_light=True), methods=list(methods))


ROUTES: list[BaseRoute] = [
    _route("/queues", queues, "GET"),
    _route("/queues/{id}/items", items, "GET"),
    _route("/queues/{id}/items", add_items, "POST"),
    _route("/queues/{id}/lease", lease, "POST"),
    _route("/queues/{id}/answers", answer, "POST"),
    _route("/queues/{id}/skip", skip, "POST"),
    _route("/queues/{id}/undo", undo, "POST"),
    _route("/queues/{id}", queue, "GET"),
    _route("/queues/{id}", put_queue, "PUT"),
    _route("/queues/{id}", delete_queue, "DELETE"),
]

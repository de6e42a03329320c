"""Annotation queues: what people are asked, item by item, and what they answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import roles
from dashboard.data._reading import Row, cached, client, forget, kept
from tracer.stats import AnnotatorAgreement


@cached
def queues(project: str | None, author: str) -> list[Row]:
    """Return all queues with their counts; ``n_mine`` counts those of `author`."""
    return list(client().queues(project=project, author=author))


def queue(queue_id: str, project: str | None, author: str) -> Row:
    """Return one queue as it is at this moment.

    Raises:
        NotFoundError: There is no such queue.
    """
    return client().queue(queue_id, project=project, author=author)


@cached
def queue_items(queue_id: str, project: str) -> list[Row]:
    """Return a queue's items in their order."""
    return list(client().queue_items(queue_id, project=project))


@cached
def queue_answers(queue_id: str, project: str) -> list[Row]:
    """Return every answer given in a queue, the newest first."""
    return list(client().queue_answers(queue_id, project=project))


@kept(ttl_s=10, max_entries=50)
def queue_agreement(queue_id: str, project: str) -> dict[str, AnnotatorAgreement]:
    """Return how far annotators agree, by field."""
    return client().queue_agreement(queue_id, project=project)


def next_item(queue: Row, author: str, item_id: str | None = None) -> Row:
    """Take the next item of a queue: ``item``, None if none is left, and ``counts``."""
    return client().lease_queue_item(
        queue["id"], author=author, project=queue["project"], item=item_id
    )


def answer_item(
    queue: Row, item_id: str, answers: Mapping[str, Any], *, author: str, note: str
) -> Row:
    """Store what a person says of an item."""
    told = client().answer_queue_item(
        queue["id"],
        item_id,
        answers,
        author=author,
        project=queue["project"],
        note=note,
    )
    forget_queues()
    return told


def skip_item(queue: Row, item_id: str, *, author: str) -> Row:
    """Leave an item to others."""
    told = client().skip_queue_item(
        queue["id"], item_id, author=author, project=queue["project"]
    )
    forget_queues()
    return told


def undo_item(queue: Row, item_id: str, *, author: str) -> Row:
    """Take a person's answers to an item back; ``answers`` says which."""
    told = client().undo_queue_item(
        queue["id"], item_id, author=author, project=queue["project"]
    )
    forget_queues()
    return told


def save_queue(queue: Mapping[str, Any]) -> Row:
    """Save a queue under the name of who looks at the page."""
    saved = client().save_queue({**queue, "author": roles.author()})
    forget()
    return saved


def fill_queue(queue: Row, *, limit: int) -> int:
    """Put what is new in a queue's source into it; return how many items that are."""
    n_added = client().fill_queue(
        queue["id"], project=queue["project"], limit=limit, author=roles.author()
    )
    forget()
    return n_added


def add_queue_items(queue: Row, trace_ids: Sequence[str]) -> int:
    """Put traces into a queue; return how many were not there yet."""
    n_added = client().add_queue_items(
        queue["id"],
        [{"trace_id": trace_id} for trace_id in trace_ids],
        project=queue["project"],
        author=roles.author(),
    )
    forget_queues()
    return n_added


def delete_queue(queue: Row) -> None:
    """Take a queue away; the scores stay."""
    client().delete_queue(queue["id"], project=queue["project"])
    forget()


def save_queue_dataset(
    queue: Row,
    name: str,
    *,
    items: Sequence[str] | None = None,
    expected: str | None = None,
) -> Row:
    """Append items of a queue to a dataset and return it as lists show it.

    Args:
        queue: The queue.
        name: Of the dataset.
        items: Ids of the items; None for all that are done.
        expected: The question whose answer is what is expected.
    """
    saved = client().save_queue_dataset(
        queue["id"],
        name,
        project=queue["project"],
        author=roles.author(),
        items=items,
        expected=expected,
    )
    forget()
    return saved


def forget_queues() -> None:
    """Read queues anew: an answer changes nothing else that is shown beside it."""
    reads: tuple[Any, ...] = (queues, queue_items, queue_answers, queue_agreement)
    for read in reads:
        read.clear()

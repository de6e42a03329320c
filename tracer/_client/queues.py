"""The part of `Client` about annotation queues: what people are asked, item by item."""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tracer._client.api import in_path
from tracer._client.asking import Asking
from tracer._client.records import Row
from tracer._client.rows import Rows, typed

if TYPE_CHECKING:
    from tracer.stats import AnnotatorAgreement

_READ_ONLY = frozenset(
    {"version", "at", "id", "n_items", "n_done", "n_answers", "n_mine"}
)
ITEMS_AT_ONCE = 1000


class Queues(Asking):
    """What people are asked about calls, and what they answered."""

    def queues(self, *, project: str | None = None, author: str | None = None) -> Rows:
        """Return the queues with their counts, the latest changed first.

        Args:
            project: Only of this project.
            author: Whose answers ``n_mine`` counts.
        """
        return self._list("queues", project=project, author=author)

    def queue(
        self, id: str, *, project: str | None = None, author: str | None = None
    ) -> Row:
        """Return one queue.

        Raises:
            NotFoundError: There is no such queue.
        """
        path = f"queues/{in_path(id)}"
        return typed(self._api.get(path, project=project, author=author))

    def save_queue(self, queue: Mapping[str, Any]) -> Row:
        """Save a queue and return it with its new version.

        Args:
            queue: ``id project form`` and whatever else there is to say
                (docs/review.md). With ``version``, the one this write replaces.

        Raises:
            ConflictError: Somebody else wrote the queue since; read it again.
        """
        return self._write("queues", queue, read_only=_READ_ONLY)

    def delete_queue(self, id: str, *, project: str) -> None:
        """Take a queue away; the scores that it made stay.

        Raises:
            NotFoundError: There is no such queue.
        """
        self._api.send("DELETE", f"queues/{in_path(id)}", project=project)

    def queue_items(
        self, id: str, *, project: str | None = None, state: str | None = None
    ) -> Rows:
        """Return a queue's items in their order; ``state`` is ``open`` or ``done``."""
        return self._list(f"queues/{in_path(id)}/items", project=project, state=state)

    def add_queue_items(
        self,
        id: str,
        items: Iterable[Mapping[str, Any]],
        *,
        project: str | None = None,
        author: str | None = None,
    ) -> int:
        """Put things to look at into a queue; return how many were not there yet.

        Args:
            id: The queue.
            items: ``{"trace_id"}`` with a ``span_id`` if it is about one step; of a
                prediction also ``evaluation_id example_id trial``; of a dataset's row
                ``dataset`` and ``row``.
            project: Project of the queue.
            author: Who put them there.
        """
        given = [dict(item) for item in items]
        path, n_added = f"queues/{in_path(id)}/items", 0
        for start in range(0, len(given), ITEMS_AT_ONCE):
            part = given[start : start + ITEMS_AT_ONCE]
            body = {"items": part, "project": project, "author": author}
            n_added += self._api.send("POST", path, body)["n_added"]
        return n_added

    def fill_queue(
        self,
        id: str,
        *,
        project: str | None = None,
        limit: int = 200,
        author: str | None = None,
    ) -> int:
        """Put what the queue's source names into it; return how many are new.

        A filter gives its newest traces, a dataset its rows, an evaluation run its
        predictions; `limit` of them are looked at.
        """
        from tracer._client.queue_sources import items_of

        queue = self.queue(id, project=project)
        items = items_of(self, queue, limit=limit)  # type: ignore[arg-type]  # a Client
        return self.add_queue_items(id, items, project=queue["project"], author=author)

    def lease_queue_item(
        self,
        id: str,
        *,
        author: str,
        project: str | None = None,
        item: str | None = None,
    ) -> Row:
        """Take the next item, so that nobody else gets the same place.

        Returns:
            ``item``, None if nothing is left for this annotator, and ``counts``:
            ``n_items n_done n_answers n_mine``.
        """
        return self._do(id, "lease", author=author, project=project, item=item)

    def answer_queue_item(
        self,
        id: str,
        item: str,
        answers: Mapping[str, Any],
        *,
        author: str,
        project: str | None = None,
        note: str = "",
    ) -> Row:
        """Store what an annotator says of an item: each answer becomes a score.

        Args:
            id: The queue.
            item: Id of the item.
            answers: Field of the form → answer: a bool, a number, a label, a text.
            author: Who answers.
            project: Project of the queue.
            note: Explanation of the scores.
        """
        said = {"answers": dict(answers), "note": note}
        return self._do(
            id, "answers", author=author, project=project, item=item, **said
        )

    def skip_queue_item(
        self, id: str, item: str, *, author: str, project: str | None = None
    ) -> Row:
        """Leave an item to others."""
        return self._do(id, "skip", author=author, project=project, item=item)

    def undo_queue_item(
        self, id: str, item: str, *, author: str, project: str | None = None
    ) -> Row:
        """Take an annotator's answers to an item back; ``answers`` says which."""
        return self._do(id, "undo", author=author, project=project, item=item)

    def queue_answers(self, id: str, *, project: str | None = None) -> Rows:
        """Return every answer given in a queue, the newest first.

        Rows are scores, with ``item``, and ``answer`` as the form has it.
        """
        from tracer._client.queue_sources import answers_of

        return answers_of(self, self.queue(id, project=project))  # type: ignore[arg-type]  # a Client

    def queue_agreement(
        self, id: str, *, project: str | None = None
    ) -> "dict[str, AnnotatorAgreement]":
        """Return how far annotators agree, by field; those in words are left out.

        A field is missing while no item has two answers to it.
        """
        from tracer._client.queue_sources import agreements_of

        queue = self.queue(id, project=project)
        return agreements_of(queue, self.queue_answers(id, project=queue["project"]))

    def save_queue_dataset(
        self,
        id: str,
        name: str | None = None,
        *,
        project: str | None = None,
        author: str | None = None,
        items: Collection[str] | None = None,
        expected: str | None = None,
    ) -> Row:
        """Append items to a dataset and return it.

        What is expected is the corrected output where somebody wrote one, else the
        output. Answers are in the rows' metadata, and ``source`` names the trace.

        Args:
            id: The queue.
            name: Name of the dataset; the queue's own if None.
            project: Project of both.
            author: Who saves it.
            items: Ids of the items wanted, of those that somebody has answered; None
                for all that are done. One that the dataset has takes its row's place.
            expected: Name of the question whose newest answer is what is expected, as
                a label; None for the text that corrects.

        Raises:
            ConfigurationError: The queue has no such question, or none of the items
                has an answer.
        """
        from tracer._client.queue_rows import save_rows

        queue = self.queue(id, project=project)
        return save_rows(
            self,  # type: ignore[arg-type]  # a Client
            queue,
            name or queue["dataset"] or id,
            author,
            items=items,
            expected=expected,
        )

    def _do(
        self, id: str, what: str, *, project: str | None, author: str, **said: Any
    ) -> Row:
        body = {"author": author, "project": project, **said}
        found: Row = self._api.send("POST", f"queues/{in_path(id)}/{what}", body)
        if found["item"] is not None:
            found["item"] = typed(found["item"])
        return found

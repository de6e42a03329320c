"""What people looked at in an annotation queue, as rows of a dataset."""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tracer._client.queue_sources import answers_of
from tracer._client.records import Row
from tracer.errors import ConfigurationError, NotFoundError

if TYPE_CHECKING:
    from tracer.client import Client

ENTRIES_AT_ONCE = 100
"""Traces in one read: their ids stand in its address."""

ROWS_AT_ONCE = 1000
"""Rows of a dataset in one read, the most that the collector gives."""


def save_rows(
    client: "Client",
    queue: Row,
    name: str,
    author: str | None,
    *,
    items: Collection[str] | None = None,
    expected: str | None = None,
) -> Row:
    """Put items of a queue into a dataset and return it.

    Args:
        client: Where both are.
        queue: The queue.
        name: Of the dataset.
        author: Who saves it.
        items: Ids of the items; None for all that are done. One that the dataset has
            already takes the place of its row.
        expected: The question whose answer is what is expected.

    Raises:
        ConfigurationError: The queue has no such question, or no chosen item has an
            answer.
    """
    _check(queue, expected)
    project = queue["project"]
    answers: dict[str, list[Row]] = {}
    for row in answers_of(client, queue):
        answers.setdefault(row["item"], []).append(row)
    wanted = None if items is None else answers.keys() & set(items)
    chosen = _chosen(client, queue, wanted)
    spans = _spans_of(client, chosen, project=project)
    rows = {
        item["id"]: example_of(
            queue, item, answers.get(item["id"], []), spans, expected=expected
        )
        for item in chosen
    }
    saved = {"author": author, "note": f"reviewed in {queue['name']}"}
    version: str | None = None
    places: dict[str, int] = {}
    if items is not None:
        version, places = _places(client, queue, name, rows.keys())
    if version is None or not places:
        made = list(rows.values())
        return client.save_dataset(name, made, project=project, append=True, **saved)
    return client.edit_dataset(
        name,
        project=project,
        base=version,
        changed={place: rows[id] for id, place in places.items()},
        added=[row for id, row in rows.items() if id not in places],
        **saved,
    )


def _chosen(client: "Client", queue: Row, wanted: Collection[str] | None) -> list[Row]:
    """Return the items of these ids; None for all that are done."""
    asked = {"project": queue["project"]}
    if wanted is None:
        return list(client.queue_items(queue["id"], state="done", **asked))
    if not wanted:
        raise ConfigurationError("none of these items has been answered yet")
    known = client.queue_items(queue["id"], **asked)
    return [item for item in known if item["id"] in wanted]


def _check(queue: Row, expected: str | None) -> None:
    known = [one["name"] for one in queue["form"]]
    if expected and expected not in known:
        raise ConfigurationError(
            f"queue {queue['id']!r} has no question {expected!r}; it has "
            + ", ".join(known)
        )


def example_of(
    queue: Row,
    item: Row,
    answers: Iterable[Row],
    spans: Mapping[str, Row],
    *,
    expected: str | None = None,
) -> Row:
    """Return an item as a dataset's row: what people corrected is what is expected.

    Args:
        queue: Where it was answered.
        item: What was looked at.
        answers: What people said, the newest first.
        spans: Item id to the call that it is about.
        expected: The question whose answer is what is expected.
    """
    given = list(answers)
    inputs, output, reference = _said(item, spans.get(item["id"]))
    corrects = next((one["name"] for one in queue["form"] if one["corrects"]), None)
    wanted = expected or corrects
    said = [row["answer"] for row in given if row["name"] == wanted]
    if said:
        reference = said[0]
    elif reference is None:
        reference = output
    review: dict[str, Any] = {}
    for row in given:
        review.setdefault(row["name"], {})[row["author"] or ""] = row["answer"]
    source = None
    if item["trace_id"]:
        source = {"trace_id": item["trace_id"], "span_id": item["span_id"]}
    return {
        "inputs": inputs if isinstance(inputs, dict) else {"input": inputs},
        "expected": reference,
        "output": output,
        "metadata": {"queue": queue["id"], "item": item["id"], "review": review},
        "source": source,
    }


def _said(item: Row, span: Row | None) -> tuple[Any, Any, Any]:
    """Return inputs, output and expected of what an item is about."""
    if row := item["row"]:
        return row["inputs"], row.get("output"), row.get("expected")
    if span is None:
        raise NotFoundError(f"trace {item['trace_id']} is stored no more", status=404)
    return span["input"], span["output"], span["expected"]


def _spans_of(
    client: "Client", items: Iterable[Row], *, project: str
) -> dict[str, Row]:
    """Return item id to the call that it is about, few reads for many items.

    Most are about the entry span of a trace; a call within one takes a read of its own.
    """
    about = [item for item in items if not item["row"]]
    entries: dict[str, Row] = {}
    for start in range(0, len(about), ENTRIES_AT_ONCE):
        part = {item["trace_id"] for item in about[start : start + ENTRIES_AT_ONCE]}
        spans = client.entry_spans(
            project=project,
            since=0,
            where=[("trace_id", "in", sorted(part))],
            origin="all",
            limit=None,
        )
        entries |= {span["trace_id"]: span for span in spans}
    found: dict[str, Row] = {}
    for item in about:
        trace_id, span_id = item["trace_id"], item["span_id"]
        span = entries.get(trace_id)
        if span_id and (span is None or span["span_id"] != span_id):
            span = client.span(trace_id, span_id, project=project)
        if span is not None:
            found[item["id"]] = span
    return found


def _places(
    client: "Client", queue: Row, name: str, items: Collection[str]
) -> tuple[str | None, dict[str, int]]:
    """Return the newest version of a dataset, and where it has which item."""
    version: str | None = None
    places: dict[str, int] = {}
    said = next(iter(items)) if len(items) == 1 else queue["id"]
    n_read, n_matching = 0, 1
    while n_read < n_matching:
        try:
            page = client.dataset_rows(
                name,
                version,
                project=queue["project"],
                text=said,
                limit=ROWS_AT_ONCE,
                offset=n_read,
            )
        except NotFoundError:
            return None, {}
        version, n_matching = str(page.row["version"]), page.n_matching
        for row in page.rows:
            id = str((row["metadata"] or {}).get("item"))
            if id in items:
                places[id] = int(row["place"])
        n_read += ROWS_AT_ONCE
    return version, places

"""What feeds an annotation queue, and what its answers come to."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tracer._records import Row
from tracer._rows import Rows
from tracer.stats import AnnotatorAgreement, annotator_agreement

if TYPE_CHECKING:
    from tracer.client import Client


def items_of(client: "Client", queue: Row, *, limit: int) -> Iterator[Row]:
    """Yield the items that a queue's source names, `limit` at most."""
    source, project = queue["source"], queue["project"]
    if source["kind"] == "filter":
        found = client.traces(
            project=project,
            since=source.get("since"),
            until=source.get("until"),
            where=source.get("where") or (),
            origin=source.get("origin") or "production",
            limit=limit,
        )
        yield from ({"trace_id": row["trace_id"]} for row in found)
    elif source["kind"] == "evaluation":
        run = client.evaluation(source["id"], project=project)
        yield from map(_of_prediction, run.predictions(limit=limit))
    elif source["kind"] == "dataset":
        name = source["name"]
        dataset = client.dataset(name, source.get("version"), project=project)
        yield from (_of_row(name, row) for row in dataset.rows[:limit])


def _of_prediction(row: Row) -> Row:
    keys = ("trace_id", "span_id", "evaluation_id", "example_id", "trial")
    return {key: row[key] for key in keys}


def _of_row(dataset: str, row: Row) -> Row:
    """Return a dataset's row as an item; scores go to the call that it came from."""
    source = row["source"] or {}
    item: Row = {"dataset": dataset, "row": dict(row)}
    if source.get("trace_id"):
        item |= {key: source.get(key) for key in ("trace_id", "span_id")}
    return item


def answers_of(client: "Client", queue: Row) -> Rows:
    """Return the scores that a queue's annotators made, with item and answer."""
    kinds = {one["name"]: one["kind"] for one in queue["form"]}
    found = client.scores(
        project=queue["project"],
        since=0,
        where=[("metadata.queue", "=", queue["id"]), ("source", "=", "human")],
        limit=None,
    )
    return Rows(
        {**row, "item": row["metadata"].get("item"), "answer": _answer(kinds, row)}
        for row in found
        if row["name"] in kinds
    )


def _answer(kinds: Mapping[str, str], row: Row) -> Any:
    kind = kinds[row["name"]]
    if kind == "text":
        return row["explanation"] or ""
    if kind == "labels":
        return row["label"]
    return bool(row["value"]) if kind == "yes_no" else row["value"]


def agreements_of(queue: Row, answers: Iterable[Row]) -> dict[str, AnnotatorAgreement]:
    """Return how far annotators agree on each field that is no text."""
    rows, found = list(answers), {}
    for one in queue["form"]:
        if one["kind"] == "text":
            continue
        level = "interval" if one["kind"] == "scale" else "nominal"
        said = [
            (row["item"], row["author"], row["answer"])
            for row in rows
            if row["name"] == one["name"]
        ]
        if (agreed := annotator_agreement(said, level=level)) is not None:
            found[one["name"]] = agreed
    return found


def save_rows(client: "Client", queue: Row, name: str, author: str | None) -> Row:
    """Append a queue's done items to a dataset and return it."""
    project = queue["project"]
    answers: dict[str, list[Row]] = {}
    for row in answers_of(client, queue):
        answers.setdefault(row["item"], []).append(row)
    done = client.queue_items(queue["id"], project=project, state="done")
    rows = [
        example_of(client, queue, item, answers.get(item["id"], [])) for item in done
    ]
    return client.save_dataset(
        name,
        rows,
        project=project,
        append=True,
        author=author,
        note=f"reviewed in {queue['name']}",
    )


def example_of(client: "Client", queue: Row, item: Row, answers: list[Row]) -> Row:
    """Return an item as a dataset's row: what people corrected is what is expected."""
    inputs, output, expected = _said(client, item)
    corrects = next((one["name"] for one in queue["form"] if one["corrects"]), None)
    corrected = [row["answer"] for row in answers if row["name"] == corrects]
    if corrected:  # the newest first
        expected = corrected[0]
    elif expected is None:
        expected = output
    review: dict[str, Any] = {}
    for row in answers:
        review.setdefault(row["name"], {})[row["author"] or ""] = row["answer"]
    source = None
    if item["trace_id"]:
        source = {"trace_id": item["trace_id"], "span_id": item["span_id"]}
    return {
        "inputs": inputs if isinstance(inputs, dict) else {"input": inputs},
        "expected": expected,
        "output": output,
        "metadata": {"queue": queue["id"], "review": review},
        "source": source,
    }


def _said(client: "Client", item: Row) -> tuple[Any, Any, Any]:
    """Return inputs, output and expected of what an item is about."""
    if row := item["row"]:
        return row["inputs"], row.get("output"), row.get("expected")
    trace = client.trace(item["trace_id"], project=item["project"])
    wanted = item["span_id"] or trace.row["span_id"]
    span = next(
        (one for one in trace.spans if one["span_id"] == wanted), trace.spans[0]
    )
    return span["input"], span["output"], span["expected"]

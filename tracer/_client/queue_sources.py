"""What feeds an annotation queue, and how its answers go together."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tracer._client.records import Row
from tracer._client.rows import Rows
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

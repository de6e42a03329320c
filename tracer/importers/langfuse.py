"""Langfuse: dataset items, dataset runs, traces with observations, and scores.

Read: what ``/api/public`` answers (``datasets``, ``dataset-items``, ``observations``,
``scores``; since version 4 experiments and their items, before it
``datasets/{name}/runs/{run}``, ``dataset-run-items``, ``traces/{id}``), pages or single
objects, and the exports of its pages and of its packages for Python, which have the
same fields in another spelling. Source: Langfuse's
public API reference (OpenAPI).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracer.evaluation._datasets.files import FilePath
from tracer.evaluation._rows import Example
from tracer.importers._examples import Trials, add_dataset
from tracer.importers._found import Found, ImportedPrediction, ImportedRun, Unread
from tracer.importers._langfuse_experiments import (
    example_of,
    link_of,
    run_of,
    trace_of,
    with_target,
)
from tracer.importers._langfuse_names import as_the_api_names
from tracer.importers._langfuse_traces import (
    SYSTEM,
    predicted,
    score_of,
    spans_of,
)
from tracer.importers._records import Record, facts_of, records
from tracer.importers._times import time_ns


def read(paths: Iterable[FilePath]) -> Found:
    """Return datasets, runs, traces and scores; ids of items, runs and traces stay.

    What is of a run needs its traces too: without them a prediction has neither output
    nor time of its own, which is reported.

    Args:
        paths: Files in any order; they are read together.
    """
    found, parts = Found(system=SYSTEM), _Parts()
    for path in paths:
        for place, record in records(path, found):
            parts.take(place, record, found)
    examples = _datasets(parts, found)
    for run in parts.runs.values():
        found.runs.append(_run(run, parts, examples, found))
    used = {link["traceId"] for run in parts.runs.values() for link in run.links}
    for trace_id in sorted(parts.traces.keys() | parts.observations.keys()):
        if trace_id not in used:
            with found.reading(f"trace {trace_id}"):
                found.spans += spans_of(*parts.trace(trace_id), found=found)
    for trace_id, scores in parts.scores.items():
        if trace_id not in used:
            given = (score_of(one, found) for one in scores.values())
            found.scores += [score for score in given if score is not None]
    return found


@dataclass
class _RunParts:
    """A run's own fields, and which item is linked to which trace."""

    about: Record
    links: list[Record] = field(default_factory=list)


class _Parts:
    """The objects of an export by what they are, each once."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.items: dict[str, Record] = {}
        self.runs: dict[str, _RunParts] = {}
        self.traces: dict[str, Record] = {}
        self.observations: dict[str, dict[str, Record]] = defaultdict(dict)
        self.scores: dict[str, dict[str, Record]] = defaultdict(dict)
        self._links: set[str] = set()
        self._kinds: tuple[tuple[set[str], Callable[[Record], None]], ...] = (
            ({"experimentItemId", "traceId"}, self._experiment_item),
            ({"itemCount"}, self._run),
            ({"datasetRunItems"}, self._run),
            ({"datasetItemId", "traceId"}, self._link),
            ({"expectedOutput"}, self._item),
            ({"datasetId", "input"}, self._item),
            ({"datasetId", "name"}, self._run),
            ({"dataType"}, self._score),
            ({"value", "traceId"}, self._score),
            ({"startTime", "type"}, self._observation),
            ({"timestamp"}, self._trace),
            ({"name", "projectId"}, self._dataset),
        )

    def take(self, place: str, record: Record, found: Found) -> None:
        """Keep an object under what its fields say that it is."""
        record = as_the_api_names(record)
        keep = next((keep for has, keep in self._kinds if has <= record.keys()), None)
        if keep is None or not (record.get("id") or "datasetRunItems" in record):
            why = f"no object that Langfuse's API has: {sorted(record)[:6]}"
            found.unread.append(Unread(place, why))
        else:
            with found.reading(place):
                keep(record)

    def trace(self, trace_id: str) -> tuple[Record, list[Record]]:
        """Return a trace, and its observations from wherever they stood."""
        trace = self.traces.get(trace_id, {"id": trace_id})
        return trace, list(self.observations[trace_id].values())

    def _dataset(self, record: Record) -> None:
        self.names[str(record["id"])] = str(record["name"])
        for item in record.get("items") or ():
            self._item(item)

    def _item(self, record: Record) -> None:
        self.items[str(record["id"])] = record

    def _score(self, record: Record) -> None:
        score = with_target(record)
        self.scores[str(score.get("traceId"))][str(score["id"])] = score

    def _experiment_item(self, record: Record) -> None:
        example = example_of(record)
        self.items.setdefault(example["id"], example)
        self._run(run_of(record))
        self._link(link_of(record))
        trace = trace_of(record)
        self.traces[trace["id"]] = {**trace, **self.traces.get(trace["id"], {})}
        for score in record.get("scores") or ():
            self._score(with_target(score, record["traceId"]))

    def _run(self, record: Record) -> None:
        run = self.runs.setdefault(str(record["id"]), _RunParts({}))
        run.about = {**run.about, **record}
        for link in record.get("datasetRunItems") or ():
            self._link(link)

    def _link(self, link: Record) -> None:
        ids = ("id", "datasetRunId", "datasetItemId", "traceId")
        link = {**link, **{key: str(link[key]) for key in ids}}
        if link["id"] in self._links:
            return
        self._links.add(link["id"])
        id, name = link["datasetRunId"], link.get("datasetRunName")
        about = {"id": id, "name": name, "createdAt": link.get("createdAt")}
        self.runs.setdefault(id, _RunParts(about)).links.append(link)

    def _trace(self, record: Record) -> None:
        self.traces[str(record["id"])] = record
        for one in record.get("observations") or ():
            if isinstance(one, dict):
                self._observation(one)
        for one in record.get("scores") or ():
            if isinstance(one, dict):
                self._score(with_target(one, record["id"]))

    def _observation(self, record: Record) -> None:
        trace_id = str(record["traceId"])
        self.observations[trace_id][str(record["id"])] = record


def _datasets(parts: _Parts, found: Found) -> dict[str, Example]:
    by_name: dict[str, list[Example]] = defaultdict(list)
    examples = {id: _example(item) for id, item in parts.items.items()}
    for id, item in parts.items.items():
        name = item.get("datasetName") or parts.names.get(str(item.get("datasetId")))
        by_name[str(name or item.get("datasetId"))].append(examples[id])
    for name, gathered in by_name.items():
        add_dataset(found, name, gathered)
    return examples


def _example(item: Record) -> Example:
    asked = item.get("input")
    source: dict[str, Any] = {"system": SYSTEM, "id": str(item["id"])}
    if item.get("sourceTraceId"):
        source["trace_id"] = item["sourceTraceId"]
    if item.get("sourceObservationId"):
        source["span_id"] = item["sourceObservationId"]
    return Example(
        id=str(item["id"]),
        inputs=dict(asked)
        if isinstance(asked, Mapping) and asked
        else {"input": asked},
        expected=item.get("expectedOutput"),
        metadata=facts_of(item.get("metadata")),
        source=source,
    )


def _run(
    run: _RunParts, parts: _Parts, examples: Mapping[str, Example], found: Found
) -> ImportedRun:
    about = run.about
    run_id = str(about["id"])
    start_ns = time_ns(about.get("startTime") or about.get("createdAt")) or 0
    trials = Trials()
    predictions: list[ImportedPrediction] = []
    for link in sorted(run.links, key=lambda one: str(one.get("createdAt"))):
        item_id, trace_id = link["datasetItemId"], link["traceId"]
        trace, observations = parts.trace(trace_id)
        if "timestamp" not in trace:
            why = "its trace is not in the files; export it too for output and time"
            found.unread.append(Unread(f"run {run_id}, item {item_id}", why))
            trace = {**trace, "timestamp": link.get("createdAt")}
        with found.reading(f"run {run_id}, item {item_id}"):
            predictions.append(
                predicted(
                    link,
                    trace,
                    observations,
                    example=examples.get(item_id),
                    trial=trials.next(item_id),
                    scores=parts.scores[trace_id].values(),
                    found=found,
                )
            )
    dataset = about.get("datasetName") or parts.names.get(str(about.get("datasetId")))
    version = next((d.version for d in found.datasets if d.name == dataset), "")
    return ImportedRun(
        id=run_id,
        name=str(dataset or about.get("name") or run_id),
        display_name=str(about.get("name") or run_id),
        dataset=str(dataset or ""),
        dataset_version=version,
        start_ns=min((one.root.start_ns for one in predictions), default=start_ns),
        end_ns=max((one.root.end_ns for one in predictions), default=start_ns),
        metadata=facts_of(about.get("metadata")),
        predictions=tuple(predictions),
    )

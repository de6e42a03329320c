"""Phoenix: experiments and examples of datasets, as its API answers them.

Read: ``GET /v1/experiments/{id}/json`` (the download of its page, a list of runs),
``GET /v1/experiments/{id}`` (what the experiment is), ``GET /v1/datasets/{id}`` (its
dataset's name) and ``GET /v1/datasets/{id}/examples``. Source: Phoenix's REST API
reference; the files in the tests are answers of a Phoenix server.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from tracer import semconv
from tracer.evaluation._datasets.files import FilePath, file_name
from tracer.evaluation._rows import Example
from tracer.importers._examples import Trials, add_dataset
from tracer.importers._found import (
    Found,
    ImportedPrediction,
    ImportedRun,
    ImportedScore,
    ImportedSpan,
    Unread,
)
from tracer.importers._ids import is_kept, span_id_of, trace_id_of
from tracer.importers._records import Record, facts_of, records, text_of
from tracer.importers._times import time_ns

SYSTEM: Final = "phoenix"

_SPAN_KEYS: Final = {
    *("context", "context.span_id", "context.trace_id"),
    *("span_id", "span_kind", "resourceSpans"),
}
"""Keys of a span as Phoenix's API, its client or its data frames write it."""

_SOURCES: Final = {"LLM": "model", "HUMAN": "human", "CODE": "code"}


def read(paths: Iterable[FilePath]) -> Found:
    """Return experiments as runs, with the ids of their examples.

    The list of runs does not say which experiment it is of: with the experiment's own
    object in the same file or call it takes that id, else the name of its file.
    Phoenix's trace ids stay.

    Args:
        paths: Files of the four kinds, each experiment's runs in a file of its own.
    """
    found, parts = Found(system=SYSTEM), _Parts()
    for path in paths:
        stem = PurePosixPath(file_name(path)).stem
        for place, record in records(path, found):
            with found.reading(place):
                parts.take(stem, place, record, found)
    for said in parts.examples:
        _read_examples(said, parts.names, found)
    for stem, own in parts.runs.items():
        _read_run(stem, parts.experiment(stem), own, parts.names, found)
    return found


class _Parts:
    """The objects of the files by what they are."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.examples: list[Record] = []
        self.experiments: list[Record] = []
        self.runs: dict[str, list[tuple[str, Record]]] = defaultdict(list)

    def take(self, stem: str, place: str, record: Record, found: Found) -> None:
        inner = record.get("data")
        said = inner if isinstance(inner, dict) else record
        if isinstance(said.get("examples"), list):
            self.examples.append(said)
        elif "example_id" in said:
            self.runs[stem].append((place, said))
        elif "dataset_id" in said and "id" in said:
            self.experiments.append(said)
        elif "example_count" in said and "name" in said:
            self.names[str(said["id"])] = str(said["name"])
        else:
            why = f"nothing of an experiment: {sorted(said)[:6]}"
            if _SPAN_KEYS & said.keys():
                why = (
                    "a span; of Phoenix only experiments and datasets are read. Let "
                    "the application send its traces to the collector from here on"
                )
            found.unread.append(Unread(place, why))

    def experiment(self, stem: str) -> Record:
        """Return the experiment whose runs are in a file of that name; empty if none.

        A single one needs no name in common with its file.
        """
        for one in self.experiments:
            if stem in (one.get("name"), one["id"]):
                return one
        is_clear = len(self.experiments) == len(self.runs) == 1
        return self.experiments[0] if is_clear else {}


def _read_examples(said: Record, names: Mapping[str, str], found: Found) -> None:
    id = str(said.get("dataset_id"))
    examples: list[Example] = []
    for one in said["examples"]:
        with found.reading(f"dataset {id}"):
            own = Example(
                id=str(one["id"]),
                inputs=_object(one.get("input"), "input"),
                expected=_plain(one.get("output")),
                metadata=facts_of(one.get("metadata")),
                source={"system": SYSTEM, "id": str(one["id"])},
            )
            examples.append(own)
    add_dataset(found, names.get(id, id), examples)


def _read_run(
    stem: str,
    experiment: Record,
    own: list[tuple[str, Record]],
    names: Mapping[str, str],
    found: Found,
) -> None:
    run_id = str(experiment.get("id") or stem)
    predictions = _predictions(run_id, own, found)
    name = str(experiment.get("name") or stem)
    id = str(experiment.get("dataset_id") or name)
    dataset = names.get(id, id)
    known = next((one for one in found.datasets if one.name == dataset), None)
    if known is None:
        known = add_dataset(found, dataset, [_example(record) for _, record in own])
    metadata = {
        "phoenix.dataset_version_id": experiment.get("dataset_version_id"),
        "phoenix.experiment_id": experiment.get("id"),
        "phoenix.project": experiment.get("project_name"),
        **facts_of(experiment.get("metadata")),
    }
    started = (one.root.start_ns for one in predictions)
    found.runs.append(
        ImportedRun(
            id=run_id,
            name=dataset,
            display_name=name,
            dataset=dataset,
            dataset_version=known.version,
            start_ns=min(started, default=time_ns(experiment.get("created_at")) or 0),
            end_ns=max((one.root.end_ns for one in predictions), default=0),
            metadata={key: v for key, v in metadata.items() if v is not None},
            predictions=tuple(predictions),
        )
    )


def _predictions(
    run_id: str, own: list[tuple[str, Record]], found: Found
) -> list[ImportedPrediction]:
    predictions: list[ImportedPrediction] = []
    trials = Trials()
    for place, record in own:
        with found.reading(place):
            if trials.is_known(record.get("trace_id")):
                continue
            if _has_times(record, place, found):
                predictions.append(_prediction(run_id, record, trials, place, found))
    return predictions


def _has_times(record: Record, place: str, found: Found) -> bool:
    if time_ns(record.get("start_time")) is not None:
        return True
    found.unread.append(Unread(place, "a run without a start_time"))
    return False


def _example(record: Record) -> Example:
    id = str(record["example_id"])
    return Example(
        id=id,
        inputs=_object(record.get("input"), "input"),
        expected=_plain(record.get("reference_output")),
        source={"system": SYSTEM, "id": id},
    )


def _prediction(
    run_id: str, record: Record, trials: Trials, place: str, found: Found
) -> ImportedPrediction:
    example = _example(record)
    trial = trials.at(example.id, int(record.get("repetition_number") or 1) - 1)
    foreign = str(record.get("trace_id") or f"{run_id}/{example.id}/{trial + 1}")
    trace_id = trace_id_of(SYSTEM, foreign)
    start_ns = time_ns(record["start_time"]) or 0
    error = record.get("error")
    root = ImportedSpan(
        trace_id=trace_id,
        span_id=span_id_of(SYSTEM, f"{run_id}/{foreign}"),
        name="prediction",
        kind="prediction",
        start_ns=start_ns,
        end_ns=time_ns(record.get("end_time")) or start_ns,
        attributes={
            semconv.USAGE_INPUT_TOKENS: record.get("prompt_token_count") or None,
            semconv.USAGE_OUTPUT_TOKENS: record.get("completion_token_count") or None,
        },
        content={
            semconv.INPUT: example.inputs,
            semconv.OUTPUT: record.get("output"),
            semconv.EXPECTED: example.expected,
        },
        metadata={} if is_kept(foreign, trace_id) else {"phoenix.trace_id": foreign},
        error=None if not error else str(error),
    )
    return ImportedPrediction(
        example_id=example.id,
        trial=trial,
        root=root,
        scores=tuple(_scores(record, place, found)),
    )


def _scores(record: Record, place: str, found: Found) -> Iterator[ImportedScore]:
    for one in record.get("annotations") or ():
        if not isinstance(one, Mapping) or not one.get("name"):
            found.unread.append(Unread(place, f"an annotation without a name: {one}"))
            continue
        value, label = one.get("score"), one.get("label")
        if (value, label) in ((1, "True"), (0, "False")):  # a bool, as Phoenix keeps it
            value, label = bool(value), None
        error = one.get("error")
        yield ImportedScore(
            name=str(one["name"]),
            value=value if isinstance(value, bool | int | float) else None,
            label=text_of(label),
            explanation=str(error) if error else text_of(one.get("explanation")),
            error="_OTHER" if error else None,
            source=_SOURCES.get(str(one.get("annotator_kind")), "code"),
            metadata=facts_of(one.get("metadata")),
            time_ns=time_ns(one.get("end_time")),
        )


def _object(value: Any, name: str) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) and value else {name: value}


def _plain(value: Any) -> Any:
    """Return the reference; where there is none, Phoenix keeps an empty object."""
    return None if value in ({}, None) else value

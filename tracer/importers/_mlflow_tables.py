"""Tables of MLflow's evaluations, the old and the new, as runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from tracer import semconv
from tracer._values.json_text import value_of
from tracer.evaluation._datasets.files import FilePath, file_name
from tracer.evaluation._identity import content_hash
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
from tracer.importers._ids import span_id_of, trace_id_of
from tracer.importers._mlflow_traces import SYSTEM, assessed, own_trace_id
from tracer.importers._records import Record
from tracer.importers._scoring import scores_of
from tracer.importers._times import time_ns

_OUTPUTS: Final = ("outputs", "output", "predictions", "prediction", "response")
_TARGETS: Final = ("targets", "target", "ground_truth", "expected", "expected_response")
_COMPUTED: Final = ("token_count", "latency")
"""Columns of figures that the old evaluation adds; they are scores."""

_OF_TRACE: Final = (
    *("trace_id", "trace", "client_request_id", "state", "request_time"),
    *("request_metadata", "trace_metadata", "execution_duration", "tags", "spans"),
    *("assessments", "execution_time_ms", "timestamp_ms", "status", "request_id"),
)


@dataclass
class Table:
    """The rows of one file."""

    path: FilePath
    """The file."""

    time_ns: int | None
    """When it was written, if that is known."""

    rows: list[Record] = field(default_factory=list)
    """Its rows, each a mapping of columns."""


def is_table_row(record: Record) -> bool:
    """Return whether an object is a row of results."""
    return any(key in record for key in (*_OUTPUTS, "assessments")) or any(
        "/" in key for key in record
    )


def read_table(table: Table, found: Found) -> None:
    """Add a table as a run, with its rows as a dataset."""
    name = PurePosixPath(file_name(table.path)).stem
    run_id = _run_id(table.rows)
    trials, examples = Trials(), list[Example]()
    predictions: list[ImportedPrediction] = []
    for number, row in enumerate(table.rows, 1):
        place = f"{file_name(table.path)}, row {number}"
        with found.reading(place):
            example = _example(row)
            if example is None:
                why = f"a row without inputs: {sorted(row)}"
                found.unread.append(Unread(place, why))
                continue
            trial = trials.next(example.id)
            at_ns = time_ns(row.get("request_time")) or table.time_ns or 0
            prediction = ImportedPrediction(
                example_id=example.id,
                trial=trial,
                root=_root(row, example, at_ns, f"{run_id}/{example.id}/{trial}"),
                scores=tuple(_scores(row, place, found)),
            )
            examples.append(example)
            predictions.append(prediction)
    dataset = add_dataset(found, name, examples)
    found.runs.append(
        ImportedRun(
            id=run_id,
            name=name,
            display_name=f"{name} {run_id[:8]}",
            dataset=name,
            dataset_version=dataset.version,
            start_ns=min((one.root.start_ns for one in predictions), default=0),
            end_ns=max((one.root.end_ns for one in predictions), default=0),
            metadata={"mlflow.file": file_name(table.path)},
            predictions=tuple(predictions),
        )
    )


def _run_id(rows: list[Record]) -> str:
    facts = value_of(rows[0].get("trace_metadata") or rows[0].get("request_metadata"))
    run = facts.get("mlflow.sourceRun") if isinstance(facts, Mapping) else None
    return str(run) if run else content_hash(rows)


def _example(row: Record) -> Example | None:
    if "request" in row:
        asked = value_of(row["request"])
        inputs = asked if isinstance(asked, dict) and asked else {"request": asked}
        expected = _expectations(row)
    else:
        known = (*_OUTPUTS, *_TARGETS, *_OF_TRACE, *_COMPUTED)
        inputs = {
            key: value
            for key, value in row.items()
            if key not in known and "/" not in key
        }
        expected = next(
            (row[key] for key in _TARGETS if row.get(key) is not None), None
        )
    if not inputs:
        return None
    id = content_hash(inputs)
    source = {"system": SYSTEM, "id": str(row.get("trace_id") or id)}
    if trace := row.get("trace_id"):
        source["trace_id"] = own_trace_id(str(trace))
    return Example(id=id, inputs=dict(inputs), expected=expected, source=source)


def _expectations(row: Record) -> Any:
    """Return what was expected: the response alone, or all expectations by name."""
    said = {
        key.removesuffix("/expectation"): value
        for key, value in row.items()
        if key.endswith("/expectation") and value is not None
    }
    for one in value_of(row.get("assessments")) or ():
        if isinstance(one, Mapping) and isinstance(one.get("expectation"), Mapping):
            name = str(one.get("assessment_name"))
            said.setdefault(name, one["expectation"].get("value"))
    return (
        said["expected_response"]
        if set(said) == {"expected_response"}
        else said or None
    )


def _root(row: Record, example: Example, at_ns: int, foreign: str) -> ImportedSpan:
    trace = row.get("trace_id")
    took_ms = row.get("execution_duration") or row.get("execution_time_ms") or 0
    output = next((row[key] for key in _OUTPUTS if key in row), None)
    failed = str(row.get("state") or row.get("status") or "").endswith("ERROR")
    return ImportedSpan(
        trace_id=own_trace_id(str(trace)) if trace else trace_id_of(SYSTEM, foreign),
        span_id=span_id_of(SYSTEM, f"prediction/{foreign}"),
        name="prediction",
        kind="prediction",
        start_ns=at_ns,
        end_ns=at_ns + round(float(took_ms) * 1e6),
        content={
            semconv.INPUT: example.inputs,
            semconv.OUTPUT: value_of(output),
            semconv.EXPECTED: example.expected,
        },
        metadata={"mlflow.trace_id": trace} if trace else {},
        error="the traced call failed" if failed else None,
    )


def _scores(row: Record, place: str, found: Found) -> Iterator[ImportedScore]:
    assessments = value_of(row.get("assessments"))
    if isinstance(assessments, list):
        for one in assessments:
            yield from assessed(one, "", place, found)
        return
    for column, value in row.items():
        name, _, part = column.rpartition("/")
        if column in _COMPUTED:
            name = column
        elif part not in ("score", "value") or not name:
            continue
        why = row.get(f"{name}/justification") or row.get(f"{name}/rationale")
        yield from scores_of(
            name,
            value,
            found=found,
            place=place,
            explanation=None if why is None else str(why),
        )

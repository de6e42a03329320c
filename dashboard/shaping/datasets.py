"""Datasets: from spans to examples by a field mapping, and out to files."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell
from dashboard.shaping.grid import brief
from dashboard.shaping.messages import pretty
from dashboard.shaping.previews import one_line
from tracer.evaluation._identity import content_hash

Row = Mapping[str, Any]

NOTHING: Final = ""
INPUT: Final = "input"
OUTPUT: Final = "output"
EXPECTED: Final = "expected"


@dataclass(frozen=True)
class Mapped:
    """Which field of a span becomes which part of an example.

    A field is ``input``, ``output``, ``expected``, ``metadata.KEY`` or nothing.
    """

    inputs: str = INPUT
    """What the model is asked; an object, or put under the key ``input``."""
    expected: str = NOTHING
    """The reference answer."""
    output: str = OUTPUT
    """The stored response, so that it can be graded without a model call."""


def fields(spans: Iterable[Row]) -> list[str]:
    """Return the fields that can be mapped, metadata keys in order of first sight."""
    keys = dict.fromkeys(key for span in spans for key in span["metadata"] or {})
    return [INPUT, OUTPUT, EXPECTED, *(f"metadata.{key}" for key in keys)]


def example(span: Row, mapped: Mapped) -> dict[str, Any]:
    """Return the dataset row that a span becomes."""
    inputs = field(span, mapped.inputs)
    return {
        "inputs": inputs
        if isinstance(inputs, Mapping) and inputs
        else {"input": inputs},
        "expected": field(span, mapped.expected),
        "output": field(span, mapped.output),
        "metadata": dict(span["metadata"] or {}),
        "source": {"trace_id": span["trace_id"], "span_id": span["span_id"]},
    }


def distinct(examples: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first example of each input: what would be one id in a dataset."""
    found: dict[str, dict[str, Any]] = {}
    for row in examples:
        found.setdefault(content_hash(row["inputs"]), row)
    return list(found.values())


def field(span: Row, name: str) -> Any:
    """Return a field of a span; what a model call was told stands in its messages."""
    if name == NOTHING:
        return None
    if name.startswith("metadata."):
        return (span["metadata"] or {}).get(name.removeprefix("metadata."))
    value = span[name]
    if value is None and name in {INPUT, OUTPUT}:
        return _from_messages(span, said=name == OUTPUT)
    return value


def _from_messages(span: Row, *, said: bool) -> Any:
    messages = list(span["messages"] or [])
    spoken = [message for message in messages if "finish_reason" in message]
    if said:
        return _words(spoken[-1]) if spoken else None
    return {"messages": [message for message in messages if message not in spoken]}


def _words(message: Row) -> Any:
    parts = message["parts"]
    texts = [part.get("content") for part in parts if part.get("type") == "text"]
    return "\n".join(texts) if len(texts) == len(parts) else parts


def preview_rows(examples: Iterable[Row]) -> list[dict[str, Any]]:
    """Return examples as rows of a table; a row's id is its place, from 0."""
    return [
        cells.row(
            str(number),
            number=str(number + 1),
            inputs=_value(example["inputs"]),
            expected=_value(example["expected"]),
            output=_value(example["output"]),
            metadata=cells.chips(_facts(example["metadata"])),
            source=cells.words(_origin(example), soft=True),
        )
        for number, example in enumerate(examples)
    ]


def _facts(metadata: object) -> list[str]:
    return [
        f"{key} {one_line(pretty(item)) or ''}".strip()
        for key, item in _named(metadata, "").items()
    ]


def _named(value: object, name: str) -> Row:
    """Return an object as it is, any other value under a name, none as nothing."""
    if isinstance(value, Mapping):
        return value
    return {} if value is None else {name: value}


def source(row: Row) -> Row | None:
    """Return the trace that a row came from; None for whatever else stands there."""
    found = row["source"]
    return found if isinstance(found, Mapping) and found.get("trace_id") else None


def _origin(row: Row) -> str | None:
    """Return where a row came from in a word or two: trace, file and line, system."""
    found = row["source"]
    if not isinstance(found, Mapping):
        return None
    if found.get("trace_id"):
        return "trace"
    if found.get("file"):
        return f"{found['file']}:{found.get('line')}"
    system = found.get("system")
    return None if system is None else str(system)


def _value(value: object) -> Cell:
    return cells.words(one_line(brief(value)), title=pretty(value)[:2000])


def as_jsonl(rows: Iterable[Row]) -> str:
    """Return rows as JSON lines, complete and in order."""
    return "".join(
        json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows
    )


def list_rows(found: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the list of datasets; a row's id is ``project/name``."""
    return [
        cells.row(
            f"{row['project']}/{row['name']}",
            name=cells.words(row["name"], title=f"{row['project']} / {row['name']}"),
            description=cells.words(row["description"], soft=True),
            rows=numbers.count(row["n_rows"]),
            versions=numbers.count(row["n_versions"]),
            version=cells.words(row["version"], mono=True, soft=True),
            at=cells.moment(row["at"]),
            author=cells.words(row["author"]),
        )
        for row in found
    ]


def facts(
    row: Row, versions: Sequence[Row], *, version: str | None, texts: Mapping[str, str]
) -> list[tuple[str, Cell]]:
    """Return what is known of one version of a dataset; unknown things left out."""
    chosen = next(
        (item for item in versions if item["version"] == (version or row["version"])),
        row,
    )
    pairs: list[tuple[str, Cell]] = [
        (texts["project"], cells.words(row["project"])),
        (texts["rows"], numbers.count(chosen["n_rows"])),
        (texts["version"], cells.words(chosen["version"], mono=True)),
        (texts["at"], cells.moment(chosen["at"])),
        (texts["author"], cells.words(chosen["author"])),
        (texts["note"], cells.words(chosen.get("note"))),
    ]
    return [(label, shown) for label, shown in pairs if shown is not None]

"""One example of a dataset, read from whatever row a person wrote."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracer._values.text import clean_text
from tracer.evaluation._identity import content_hash
from tracer.evaluation._missing import is_missing, without_missing

ASIDE = ("id", "example_id", "expected", "output", "metadata", "source")
"""Columns of a flat row that are not inputs."""

_IDS = ("id", "example_id")

MOST_NAMED = 5
"""Rows that an error names."""

ORIGINS = ({"trace_id"}, {"file", "line"}, {"system", "id"})
"""Keys that a source has: a recorded call, a line of a file, or another system's."""


@dataclass(frozen=True, slots=True)
class Example:
    """What a model is asked, and what is known about the answer."""

    id: str
    """The given id, else a hash of `inputs`."""

    inputs: dict[str, Any]
    """Columns that a model is given, by name."""

    expected: Any = None
    """The reference answer; None if there is none."""

    output: Any = None
    """A stored answer; None if there is none."""

    metadata: dict[str, Any] = field(default_factory=dict)
    """Facts about the example, for slices."""

    source: dict[str, Any] | None = None
    """Where it is from: ``trace_id`` and ``span_id``, ``file`` and ``line``, or
    ``system`` and ``id`` there."""

    @property
    def has_content_id(self) -> bool:
        """Whether the id is the hash of the inputs, so that nobody has to keep it."""
        return self.id == content_hash(self.inputs)

    @property
    def row(self) -> dict[str, Any]:
        """The dataset row of docs/api.md."""
        return {
            "id": self.id,
            "inputs": self.inputs,
            "expected": self.expected,
            "output": self.output,
            "metadata": self.metadata,
            "source": self.source,
        }

    @property
    def columns(self) -> dict[str, Any]:
        """What scorers may ask for by name; inputs give way to the other names."""
        return {
            **self.metadata,
            **self.inputs,
            "inputs": self.inputs,
            "expected": self.expected,
            "metadata": self.metadata,
            "example_id": self.id,
        }


def read_row(row: Any, *, number: int) -> Example:
    """Return the example that a row stands for.

    A row with a mapping under ``inputs`` is a dataset row as docs/api.md has it, and
    keys that it does not know become metadata. Any other row is flat: its columns are
    the inputs, but for ``id`` (or ``example_id``), ``expected`` and ``output``, and
    for ``metadata`` and ``source`` where they are mappings.

    What a table lacks (NaN, NaT, pandas.NA) is None, before the id is made of it.

    Args:
        row: What a person wrote.
        number: Its place, from 0, for the error.

    Raises:
        ValueError: It is no mapping, or has no inputs.
    """
    if not isinstance(row, Mapping):
        kind = type(row).__name__
        raise ValueError(f"row {number} is a {kind}; give a mapping of columns")
    row = without_missing(row)
    aside = {key: row[key] for key in ASIDE if key in row and _is_aside(key, row[key])}
    rest = {str(key): value for key, value in row.items() if key not in aside}
    metadata = dict(without_missing(aside.get("metadata")) or {})
    if isinstance(rest.get("inputs"), Mapping):
        inputs = dict(without_missing(rest.pop("inputs")))
        metadata = rest | metadata
    else:
        inputs = rest
    if not inputs:
        raise ValueError(
            f"row {number} has no inputs, only {sorted(map(str, row))}; "
            "give at least one column for the model"
        )
    ids = (str(aside[key]) for key in _IDS if not is_missing(aside.get(key)))
    given = next(filter(None, ids), None)
    return Example(
        id=content_hash(inputs) if given is None else clean_text(given),
        inputs=inputs,
        expected=without_missing(aside.get("expected")),
        output=aside.get("output"),
        metadata=metadata,
        source=aside.get("source"),
    )


class KnownIds:
    """Ids of rows seen so far: one names one example, equal rows are one example."""

    def __init__(self) -> None:
        self._inputs: dict[str, dict[str, Any]] = {}

    def is_of_another(self, example: Example) -> bool:
        """Return whether an earlier row has its id and other inputs; keep it."""
        first = self._inputs.setdefault(example.id, example.inputs)
        return first is not example.inputs and (
            content_hash(first) != content_hash(example.inputs)
        )


def refuse_shared_ids(examples: Iterable[Example]) -> None:
    """Do nothing where an id stands for one example.

    Raises:
        ValueError: One stands for different inputs; ids and rows are named.
    """
    known = KnownIds()
    shared = [
        f"row {number} has the id {example.id!r}"
        for number, example in enumerate(examples)
        if known.is_of_another(example)
    ]
    if shared:
        named = ", ".join(shared[:MOST_NAMED])
        more = f" and {len(shared) - MOST_NAMED:,} more" * (len(shared) > MOST_NAMED)
        raise ValueError(
            f"{named}{more}: of an earlier row with other inputs; an id names one "
            "example, without one it follows from the inputs"
        )


def _is_aside(key: str, value: Any) -> bool:
    """Return whether a column is what its name says; ``source`` may be an input."""
    if key == "source":
        return value is None or (
            isinstance(value, Mapping) and any(keys <= value.keys() for keys in ORIGINS)
        )
    return key != "metadata" or value is None or isinstance(value, Mapping)

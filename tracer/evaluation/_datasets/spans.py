"""Recorded calls as dataset rows, by a mapping of fields."""

from collections.abc import Mapping
from typing import Any

from tracer.evaluation._paths import MISSING, value_at


def row_of_span(
    span: Mapping[str, Any],
    fields: Mapping[str, str] | None,
    expected: str | None,
    output: str | None,
) -> dict[str, Any]:
    """Return the row of a span; the arguments are those of `Dataset.from_traces`."""
    if fields is None:
        found = at(span, "input", required=True)
        inputs = dict(found) if isinstance(found, Mapping) else {"input": found}
    else:
        inputs = {
            column: at(span, path, required=True) for column, path in fields.items()
        }
    return {
        "inputs": inputs,
        "expected": at(span, expected) if expected else None,
        "output": at(span, output) if output else None,
        "source": {"trace_id": span["trace_id"], "span_id": span["span_id"]},
    }


def at(span: Mapping[str, Any], path: str, *, required: bool = False) -> Any:
    """Return what stands at a dotted path; numbers are places in lists.

    Raises:
        ValueError: Nothing stands there, and it is required.
    """
    value = value_at(span, path)
    if value is not MISSING:
        return value
    if required:
        raise ValueError(
            f"span {span.get('span_id')} has nothing at {path!r}; it has {sorted(span)}"
        )
    return None

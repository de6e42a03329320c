"""Vertex AI's evaluation datasets: its column names, and prompts from a template.

Source: Vertex AI documentation, "Prepare your evaluation dataset".
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tracer._values.encoding import to_json
from tracer.evaluation._identity import WHOLE

PROMPT: Final = "prompt"
RESPONSE: Final = "response"
REFERENCE: Final = "reference"
BASELINE: Final = "baseline_model_response"

COLUMNS: Final = (
    PROMPT,
    RESPONSE,
    REFERENCE,
    BASELINE,
    "instruction",
    "context",
    "history",
)
"""The names that Vertex gives a meaning; other columns are the prompt template's."""

_PLACEHOLDER = re.compile(r"\{([^\W\d]\w*)\}")
_KEPT: Final = ("id", "example_id", "metadata", "source")


def vertex_rows(
    rows: Iterable[Mapping[str, Any]], *, prompt_template: str | None
) -> Iterator[dict[str, Any]]:
    """Yield dataset rows: ``reference`` is expected, ``response`` the output.

    ``baseline_model_response`` is metadata: scorers see it, a model does not.

    Args:
        rows: Rows with Vertex's columns.
        prompt_template: Makes the input ``prompt``; see `filled`.

    Raises:
        ValueError: The template names a column that a row does not have.
    """
    for number, row in enumerate(rows):
        kept = {key: row[key] for key in _KEPT if row.get(key) is not None}
        metadata = dict(kept.pop("metadata", None) or {})
        if row.get(BASELINE) is not None:
            metadata[BASELINE] = row[BASELINE]
        aside = (RESPONSE, REFERENCE, BASELINE, *_KEPT)
        inputs = {
            key: value
            for key, value in row.items()
            if key not in aside and value is not None
        }
        if prompt_template is not None:
            inputs[PROMPT] = filled(prompt_template, row, number=number)
        yield kept | {
            "inputs": inputs,
            "expected": row.get(REFERENCE),
            "output": row.get(RESPONSE),
            "metadata": metadata,
        }


def filled(template: str, row: Mapping[str, Any], *, number: int) -> str:
    """Return a template with ``{column}`` replaced by what the row has there.

    A brace that is not around a name stays as it is, so JSON may stand in a template.

    Raises:
        ValueError: The row has no such column.
    """

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if row.get(name) is None:
            there = sorted(key for key in row if row[key] is not None)
            raise ValueError(
                f"row {number} has no {name!r} for the prompt template, only {there}"
            )
        cell = row[name]
        return cell if isinstance(cell, str) else to_json(cell, max_bytes=WHOLE)

    return _PLACEHOLDER.sub(value, template)


def vertex_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dataset row with Vertex's columns: the inputs flat, then the answers."""
    metadata = dict(row["metadata"])
    baseline = metadata.pop(BASELINE, None)
    answers = {
        REFERENCE: row["expected"],
        RESPONSE: row["output"],
        BASELINE: baseline,
    }
    said = {key: value for key, value in answers.items() if value is not None}
    return {"id": row["id"], **row["inputs"], **said}

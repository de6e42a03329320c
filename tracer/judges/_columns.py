"""Which column of a row is the question, the context, the reference, the output."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tracer.errors import ConfigurationError
from tracer.evaluation._paths import MISSING, value_at
from tracer.judges._prompts import numbered, passages, shown

ALIASES: Final[Mapping[str, Sequence[str]]] = {
    "question": ("question", "query", "prompt", "user_input", "input", "질문"),
    "context": ("context", "contexts", "retrieved_contexts", "documents", "문맥"),
    "reference": ("reference", "expected", "ground_truth", "answer_reference", "정답"),
    "output": ("answer", "response", "output", "답변"),
}
"""Part to the names by which it goes: ours, Vertex's, Ragas's and common ones."""


def parts_of(
    judge: str,
    needs: Sequence[str],
    columns: Mapping[str, Any],
    column_map: Mapping[str, str],
) -> dict[str, str]:
    """Return what a judge is shown, as texts in the order of `needs`.

    What the row has not may stand in the output, if that is a mapping: a model that
    retrieves answers ``{"answer": …, "context": […]}``. A context in a list becomes
    ``context 1``, ``context 2`` and so on.

    Args:
        judge: Name of the judge, for the error.
        needs: Which parts.
        columns: The row, with the model's ``output``.
        column_map: Part to column, or to a dotted path: ``output.context``.

    Raises:
        ConfigurationError: A part is nowhere, or is None.
    """
    parts: dict[str, str] = {}
    for part in needs:
        found = _found(part, columns, column_map)
        if found is MISSING or found is None:
            raise ConfigurationError(
                f"judge {judge!r} needs {part!r}, and the row has {_has(columns)}; "
                f"name its column: column_map={{{part!r}: 'COLUMN'}}"
            )
        if part == "context":
            parts |= numbered(part, passages(found))
        else:
            parts[part] = shown(found)
    return parts


def _found(part: str, columns: Mapping[str, Any], map: Mapping[str, str]) -> Any:
    if part in map:
        path = map[part]
        return columns[path] if path in columns else value_at(columns, path)
    output = columns.get("output")
    inside = output if isinstance(output, Mapping) else {}
    if part == "output":
        return _first(ALIASES[part], inside, {"output": output})
    return _first(ALIASES.get(part, (part,)), columns, inside)


def _first(names: Sequence[str], *places: Mapping[str, Any]) -> Any:
    """Return the first value that is there, place by place."""
    for place in places:
        for name in names:
            if place.get(name) is not None:
                return place[name]
    return MISSING


def _has(columns: Mapping[str, Any]) -> str:
    there = sorted(name for name, value in columns.items() if value is not None)
    return ", ".join(there) or "nothing"

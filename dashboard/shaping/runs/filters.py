"""The filter of the list of runs: ``model = gpt-4o`` ↔ what the collector is asked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import conditions
from dashboard.shaping.conditions import Condition

STATUSES: Final = ("running", "done", "incomplete", "failed")
SUGGESTED: Final = ("dataset", "model", "name")
MOST_SUGGESTIONS: Final = 12
_SCALARS: Final = (str, bool, int, float)


def run_conditions(
    texts: Iterable[str], *, status: str | None = None
) -> tuple[Condition, ...]:
    """Return the filter of a list of runs; other text is sought in their names."""
    asked = [conditions.parse(text) for text in texts if text.strip()]
    asked = [
        ("display_name", op, value) if field == "text" else (field, op, value)
        for field, op, value in asked
    ]
    if status:
        asked.append(("status", "=", status))
    return tuple(asked)


def suggestions(
    facets: Sequence[Mapping[str, Any]], runs: Iterable[Mapping[str, Any]]
) -> list[str]:
    """Return conditions on what runs are of, to choose from while typing.

    Args:
        facets: Rows of ``dataset model name n``.
        runs: Some runs, for what their metadata say.
    """
    found: list[str] = []
    for field in SUGGESTED:
        counted: Counter[str] = Counter()
        for row in facets:
            counted[row[field] or ""] += row["n"]
        common = [name for name, _ in counted.most_common(MOST_SUGGESTIONS) if name]
        found += [conditions.write((field, "=", name)) for name in common]
    facts = Counter(
        conditions.write((f"metadata.{key}", "=", value))
        for run in runs
        for key, value in (run["metadata"] or {}).items()
        if isinstance(value, _SCALARS) and len(str(value)) <= 60
    )
    return found + [text for text, _ in facts.most_common(MOST_SUGGESTIONS)]

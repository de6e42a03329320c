"""What stands within a value, by a dotted path."""

from collections.abc import Mapping
from typing import Any, Final

MISSING: Final = object()
"""Says that nothing stands there, where None is a value like any other."""


def value_at(value: Any, path: str) -> Any:
    """Return what stands at a path, ``answer.texts.0``, or `MISSING`.

    Numbers are places in lists.
    """
    for step in path.split("."):
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return MISSING
    return value


def said_of(value: Any) -> str:
    """Return what a value is, with its first keys if it has some, for an error."""
    kind = type(value).__name__
    if not isinstance(value, Mapping) or not value:
        return f"a {kind}"
    keys = [repr(key) for key in value]
    more = [f"{len(keys) - _MOST_KEYS} more"] if len(keys) > _MOST_KEYS else []
    return f"a {kind} with {', '.join(keys[:_MOST_KEYS] + more)}"


_MOST_KEYS: Final = 6

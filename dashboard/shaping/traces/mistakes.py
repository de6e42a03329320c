"""What is wrong in the filter box, so that people can mend it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from dashboard.shaping.conditions import (
    ALIASES,
    COMPARISON,
    FIELDS,
    NUMBER_FIELDS,
    is_field,
    parse,
)
from tracer import semconv

CLOSED: Final[dict[str, tuple[str, ...]]] = {
    "status": ("ok", "error"),
    "kind": semconv.KINDS,
}
"""Fields that have no other values."""


@dataclass(frozen=True)
class Mistake:
    """Something in the filter box that cannot mean what it says."""

    kind: Literal["field", "number", "choice"]
    """An unknown field, a value that is no number, or one that the field never has."""
    text: str
    """What was written."""
    field: str
    """The field that it names."""
    near: tuple[str, ...] = ()
    """What may have been meant: fields, or the values that the field has."""

    @property
    def stops(self) -> bool:
        """Whether nothing can be listed before it is mended."""
        return self.kind != "field"


def mistakes(texts: Iterable[str]) -> list[Mistake]:
    """Return what is wrong in the texts of the filter box, in their order."""
    return [found for text in texts if (found := _mistake(text.strip()))]


def _mistake(text: str) -> Mistake | None:
    told = COMPARISON.match(text)
    if told is None:
        return None
    if not is_field(told["field"]):
        if told["op"].isalpha() or told["op"] in ":~":  # likelier a sentence
            return None
        known = [*(name for name in FIELDS if name[-1] != "."), *ALIASES]
        near = difflib.get_close_matches(told["field"].lower(), known, n=2)
        return Mistake("field", text, told["field"], tuple(near))
    field, op, value = parse(text)
    if field in NUMBER_FIELDS and not isinstance(value, int | float | list):
        return Mistake("number", text, field)
    choices = CLOSED.get(field.removeprefix("span."))
    if choices and op in {"=", "!="} and value not in choices:
        return Mistake("choice", text, field, choices)
    return None

"""Tables for a terminal, Korean too, and things that notebooks show as they print."""

from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width


class Readable:
    """Shown by notebooks as by `print`, not by its fields."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        """Give each class the method itself: IPython prefers a dataclass's repr."""
        super().__init_subclass__()
        cls._repr_pretty_ = Readable._repr_pretty_  # type: ignore[method-assign]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Write it where IPython writes; the name is IPython's."""
        printer.text(str(self))


def run_head(
    *, name: str, model: str, n_predictions: int, n_failed: int, status: str = ""
) -> str:
    """Return the line that stands above the scores of an evaluation run."""
    made = f"{n_predictions} predictions"
    failed = f", {n_failed} failed" if n_failed else ""
    return " · ".join(filter(None, (name, model, made + failed, status)))


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a text table, first column left, the others right.

    Korean and other wide letters take two places on a terminal.
    """
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [row[0] + " " * (widths[0] - _width(row[0]))]
        for cell, width in zip(row[1:], widths[1:], strict=True):
            cells.append(" " * (width - _width(cell)) + cell)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)

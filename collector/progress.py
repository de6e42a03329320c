"""A bar for long work on a terminal; nothing where none is looked at."""

import sys
from types import TracebackType
from typing import Any

import click


class Bar:
    """Shows done of total, which is known only once the work reports."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None
        self._shown = 0

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)

    def __call__(self, done: int, total: int, what: str) -> None:
        """Show progress."""
        if self._bar is None:
            if not total:
                return
            options: dict[str, Any] = {
                "length": total,
                "label": self._label,
                "item_show_func": _text,
                "file": sys.stderr,
            }
            self._bar = click.progressbar(**options)
            self._bar.__enter__()
        self._bar.update(max(0, done - self._shown), what)
        self._shown = max(done, self._shown)


def _text(item: object) -> str:
    return str(item or "")

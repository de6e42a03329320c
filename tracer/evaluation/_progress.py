"""How far a run is, for whoever watches a terminal or a notebook."""

import sys
from types import TracebackType
from typing import Any, Final


class Progress:
    """A bar on standard error; silent if nobody watches that, or tqdm is missing.

    Somebody does if it is a terminal, or the output of a notebook's cell.

    Args:
        total: How much there is to do; None if that is told as it goes, or never: the
            bar appears with the first that is done.
        name: What is done, as people should read it.
        unit: What is counted.
        shown: Whether it is shown at all.
    """

    def __init__(
        self,
        total: int | None,
        *,
        name: str,
        unit: str = "prediction",
        shown: bool = True,
    ) -> None:
        self._named = (name, unit)
        self._is_shown = shown and (_is_in_notebook() or _is_in_terminal())
        self._bar: Any = None
        self._n_failed = 0
        if total is not None:
            self._begun(total)

    def step(self, *, failed: bool) -> None:
        """Count one more."""
        bar = self._begun(None)
        if bar is not None:
            self._n_failed += failed
            if failed:
                bar.set_postfix(failed=self._n_failed, refresh=False)
            bar.update()

    def reach(self, done: int, total: int, what: str = "") -> None:
        """Say how much is done, of how much; `what` is not shown."""
        bar = self._begun(total)
        if bar is not None:
            bar.total = total
            bar.update(max(0, done - bar.n))

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def _begun(self, total: int | None) -> Any:
        """Return the bar, made if it is not there; None where nobody watches."""
        if self._bar is None and self._is_shown:
            self._bar = _bar(total, *self._named)
            self._is_shown = self._bar is not None
        return self._bar


def _is_in_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()  # None: Windows' pythonw


def _is_in_notebook() -> bool:
    """Return whether this is the kernel of a notebook, whose output is no terminal."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return getattr(shell, "kernel", None) is not None


def _bar(total: int | None, name: str, unit: str) -> Any:
    """Return a bar of text, which every notebook shows and keeps; widgets need more."""
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:
        return None
    width = _NOTEBOOK if _is_in_notebook() else {"dynamic_ncols": True}
    return tqdm(total=total, desc=name, unit=f" {unit}", **width)


_NOTEBOOK: Final[dict[str, Any]] = {"ncols": 100, "mininterval": 0.5}
"""Columns, which nobody can ask a cell for, and seconds between two states: a notebook
may keep them all."""

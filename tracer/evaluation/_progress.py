"""How far a run is, for whoever watches a terminal."""

import sys
from types import TracebackType
from typing import Any


class Progress:
    """A bar on standard error; silent if that is no terminal, or tqdm is missing."""

    def __init__(
        self,
        total: int | None,
        *,
        name: str,
        unit: str = "prediction",
        shown: bool = True,
    ) -> None:
        self._bar = _bar(total, name, unit) if shown and sys.stderr.isatty() else None
        self._n_failed = 0

    def step(self, *, failed: bool) -> None:
        """Count one more."""
        if self._bar is not None:
            self._n_failed += failed
            if failed:
                self._bar.set_postfix(failed=self._n_failed, refresh=False)
            self._bar.update()

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


def _bar(total: int | None, name: str, unit: str) -> Any:
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:
        return None
    return tqdm(total=total, desc=name, unit=unit, dynamic_ncols=True)

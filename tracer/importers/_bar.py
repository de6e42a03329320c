"""A bar whose length is known only once the work reports."""

from types import TracebackType

from tracer.evaluation._progress import Progress


class Bar:
    """Shows done of total on a terminal."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._progress: Progress | None = None
        self._shown = 0

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.__exit__(kind, error, trace)

    def __call__(self, done: int, total: int, what: str) -> None:
        """Show progress."""
        if self._progress is None:
            self._progress = Progress(total, name=self._label, unit="item")
        for _ in range(done - self._shown):
            self._progress.step(failed=False)
        self._shown = max(done, self._shown)

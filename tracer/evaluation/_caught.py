"""Somebody else's exception, kept so that it touches only what it concerns."""

from types import TracebackType
from typing import Final

from tracer._capture.failures import error_text, error_type


class Unfinished(Exception):
    """Stands on a prediction that was still open, without output, at the end."""


INTERRUPTIONS: Final = frozenset(
    {
        *("KeyboardInterrupt", "SystemExit", "asyncio.exceptions.CancelledError"),
        f"{__name__}.{Unfinished.__qualname__}",
    }
)
"""What stands as the error of a prediction that was not made to its end."""


def is_interruption(error: BaseException) -> bool:
    """Return whether an exception ends what goes on, without anything having failed."""
    return not isinstance(error, Exception)


class Caught:
    """Keeps an exception that leaves its block; cancellation goes on."""

    error: Exception | None = None
    """What left the block."""

    def __enter__(self) -> "Caught":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, Exception):
            self.error = error
        return isinstance(error, Exception)


def described(error: BaseException) -> str:
    """Return type and text of an exception, as far as content may leave the process."""
    text = error_text(error)
    return f"{error_type(error)}: {text}" if text else error_type(error)

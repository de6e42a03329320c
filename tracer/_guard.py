"""Our own failures, kept away from the application: logged once, counted."""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial, wraps
from types import TracebackType
from typing import ParamSpec, TypeVar

from tracer._environment import is_strict
from tracer._signals import is_of_a_signal
from tracer._speaker import OwnThread, speaker

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger("tracer")

_counts: Counter[str] = Counter()


class guarded:
    """Swallow what `is_held` of ours, whether used as a block or as a decorator.

    Each ``what`` is logged once, with its traceback at debug, and counted every time.
    With ``TRACER_STRICT=1`` (our own tests) the failure is raised instead, so that no
    test can pass over a broken wrapper. One object may guard many blocks at once.

    Args:
        what: What was being done, as it should stand in the log: "end a span".
    """

    __slots__ = ("what",)

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        return error is not None and self.swallow(error)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R | None]:
        """Return the function in a guard; it answers None where it failed."""

        @wraps(function)
        def guarded_function(*args: P.args, **kwargs: P.kwargs) -> R | None:
            with self:
                return function(*args, **kwargs)
            return None

        return guarded_function

    def swallow(self, error: BaseException) -> bool:
        """Log and count a failure; False where it is to be raised all the same.

        For the few places that stand in every call: a ``with`` costs as much there as
        ten lines of their work.
        """
        if not is_held(error):
            return False
        warn_once(self.what, f"could not {self.what}: {type(error).__name__}")
        say(logging.DEBUG, "could not %s", self.what, error=error)
        return not is_strict()


def is_held(error: BaseException) -> bool:
    """Return whether what went wrong in our work stays in it.

    A value whose repr exits must not end the app, which did not ask for it. Ctrl-C and
    what a signal's handler raises may come in any line, in ours too: they go on.
    """
    if isinstance(error, Exception | GeneratorExit):
        return True
    return isinstance(error, SystemExit) and not is_of_a_signal(error)


def warn_once(what: str, message: str) -> None:
    """Count an event; log its message the first time only."""
    _counts[what] += 1
    if _counts[what] == 1:
        say(logging.WARNING, "%s (said once)", message)


def say(
    level: int, message: str, *given: object, error: BaseException | None = None
) -> None:
    """Log a message; in a thread of ours without waiting for whoever handles logs."""
    if not logger.isEnabledFor(level):
        return
    if isinstance(threading.current_thread(), OwnThread):
        speaker.say(partial(logger.log, level, message, *given, exc_info=error))
    else:
        logger.log(level, message, *given, exc_info=error)


def counts() -> dict[str, int]:
    """Return how often each thing went wrong in this process, by what was done."""
    return dict(_counts)


def forget() -> None:
    """Begin counting, and saying things once, anew."""
    _counts.clear()


def attempt(
    what: str,
    function: Callable[[], R],
    *,
    otherwise: R,
    kinds: type[BaseException] = Exception,
) -> R:
    """Return what a function of the user's says, or `otherwise` if it fails.

    Its failure is counted and logged once like ours, but never raised: it is theirs.

    Args:
        what: What is done, as in `guarded`.
        function: The user's.
        otherwise: What is said in its place.
        kinds: What counts as failing beside what `is_held`; in a thread of ours Ctrl-C
            does too.
    """
    try:
        return function()
    except BaseException as error:
        if not (isinstance(error, kinds) or is_held(error)):
            raise
        warn_once(what, f"could not {what}: {type(error).__name__}")
        say(logging.DEBUG, "could not %s", what, error=error)
        return otherwise

"""Which exceptions the handlers of signals raise: they can come in any line of ours."""

import signal
from collections.abc import Iterator
from types import CodeType
from typing import Any, Final

_PYTHONS_OWN: Final = (None, signal.SIG_DFL, signal.SIG_IGN, signal.default_int_handler)


def is_of_a_signal(error: BaseException) -> bool:
    """Return whether a handler of a signal raised this, or may have.

    Of a handler that is no Python function, as `sys.exit` itself, nobody can say.
    """
    handlers = [
        _code_of(one)
        for one in map(signal.getsignal, signal.valid_signals())
        if one not in _PYTHONS_OWN
    ]
    return None in handlers or any(code in handlers for code in _codes(error))


def _codes(error: BaseException) -> Iterator[CodeType]:
    step = error.__traceback__
    while step is not None:
        yield step.tb_frame.f_code
        step = step.tb_next


def _code_of(handler: Any) -> CodeType | None:
    """Return what runs when a handler is called; None if that is no Python."""
    while (inner := getattr(handler, "func", None)) is not None:
        handler = inner  # a partial
    function = getattr(handler, "__func__", handler)
    if not hasattr(function, "__code__"):
        function = getattr(type(handler), "__call__", None)  # noqa: B004
    code: CodeType | None = getattr(function, "__code__", None)
    return code

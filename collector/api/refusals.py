"""What the read API says no with: a status, a code, a message, and what to do."""

import difflib
from collections.abc import Iterable

from collector.errors import CollectorServiceError


class Refusal(CollectorServiceError):
    """A request that the API answers with an error of its own."""

    def __init__(self, status: int, code: str, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.hint = hint


def bad_parameter(name: str, value: object, *, hint: str) -> Refusal:
    """Return a 400 for one parameter that cannot be read."""
    return Refusal(400, "bad_parameter", f"{name} {value!r} cannot be read", hint=hint)


def bad_filter(message: str, *, hint: str) -> Refusal:
    """Return a 400 for a condition of ``where``."""
    return Refusal(400, "bad_filter", message, hint=hint)


def not_found(what: str, name: str, *, hint: str) -> Refusal:
    """Return a 404 for a thing that the store does not hold."""
    return Refusal(404, "not_found", f"no {what} {name!r}", hint=hint)


def conflict(message: str, *, hint: str) -> Refusal:
    """Return a 409: somebody else wrote in between."""
    return Refusal(409, "conflict", message, hint=hint)


def close_matches(word: str, known: Iterable[str]) -> str:
    """Return a hint that lists what was probably meant, else everything known."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"known are {', '.join(names)}"

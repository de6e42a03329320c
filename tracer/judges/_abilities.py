"""What an endpoint can do: found out by its first requests, once, and remembered."""

from collections.abc import Mapping
from threading import Lock
from typing import Any, Final

from tracer.judges._reading import Schema

REFUSALS: Final = frozenset({400, 422, 501})
"""Statuses by which servers refuse a parameter that they do not know."""

RESPONSE_FORMAT: Final = "response_format"
_OPTIONAL: Final = ("temperature", "seed", "max_completion_tokens", RESPONSE_FORMAT)
"""Parameters that a judge can do without, by the name in an error."""


class Abilities:
    """Which optional parameters one model at one address refuses."""

    def __init__(self) -> None:
        self.refused: frozenset[str] = frozenset()
        """Parameters that are not sent any more."""

        self.is_known = False
        """Whether a request has been answered: then nothing more is tried out."""

        self.finding_out = Lock()
        """Held by the caller whose requests find out."""

    @property
    def has_structured_output(self) -> bool | None:
        """Whether it takes a JSON schema; None before the first answer."""
        return RESPONSE_FORMAT not in self.refused if self.is_known else None

    def learn(self, refused: frozenset[str]) -> None:
        """Remember what a request had to go without to be answered."""
        self.refused |= refused
        self.is_known = True


_KNOWN: dict[tuple[str, str], Abilities] = {}
_KNOWING: Final = Lock()


def abilities_of(base_url: str, model: str) -> Abilities:
    """Return what this process knows of a model at an address."""
    with _KNOWING:
        return _KNOWN.setdefault((base_url, model), Abilities())


def arguments(
    asked: Mapping[str, Any], schema: Schema, name: str, refused: frozenset[str]
) -> dict[str, Any]:
    """Return the arguments of a request, without those that are refused.

    Args:
        asked: All that one would like to send but for the form of the reply.
        schema: The form of the reply.
        name: What is asked.
        refused: Parameters that are left out.
    """
    wanted = {**asked, RESPONSE_FORMAT: _json_schema(schema, name)}
    given = {key: value for key, value in wanted.items() if key not in refused}
    if "max_completion_tokens" in refused and "max_completion_tokens" in asked:
        given["max_tokens"] = asked["max_completion_tokens"]  # its name before 2024
    return given


def _json_schema(schema: Schema, name: str) -> dict[str, Any]:
    body = {"name": name, "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": body}


def is_refusal(error: Exception) -> bool:
    """Return whether a server said no to what was sent, whenever it is sent."""
    return getattr(error, "status_code", None) in REFUSALS


def to_leave_out(error: Exception, sent: Mapping[str, Any]) -> str | None:
    """Return the parameter that a refusal is about, or may be about; None if none.

    Args:
        error: What the client raised; with ``status_code`` if the server answered.
        sent: Arguments of the request.
    """
    if not is_refusal(error):
        return None
    said = f"{getattr(error, 'param', None) or ''} {error}"
    for name in _OPTIONAL:
        if name in sent and name in said:
            return name
    return RESPONSE_FORMAT if RESPONSE_FORMAT in sent else None

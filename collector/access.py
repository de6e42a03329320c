"""Who may do what: a request's key, judged from memory, whatever door it came by."""

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import Final

from collector.errors import CollectorServiceError

SCOPES: Final = ("ingest", "read", "edit", "admin")
"""What a key may allow; ``admin`` allows the others too."""


class Denied(CollectorServiceError):
    """A request that may not come in, or not do this; every door answers it alike."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        hint: str = "",
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Access:
    """What the sender of one request may do."""

    key_id: str
    """Which key it carried; empty where nobody logs in."""

    project: str | None
    """The only project that it may see and write to; None for all."""

    scopes: frozenset[str]
    """Those of `SCOPES` that it has, complete: with ``admin`` all are there."""

    def require(self, scope: str) -> None:
        """Let pass what this access allows.

        Raises:
            Denied: 403, it names the scope that is missing.
        """
        if scope not in self.scopes:
            raise Denied(
                403,
                "forbidden",
                f"the key has no scope {scope!r}, only {', '.join(self.listed)}",
                hint=f"use a key made with 'tracer keys create --scope {scope}'",
            )

    @property
    def listed(self) -> list[str]:
        """Its scopes in the order of `SCOPES`."""
        return [scope for scope in SCOPES if scope in self.scopes]


EVERYTHING: Final = Access(key_id="", project=None, scopes=frozenset(SCOPES))
"""Where nobody logs in: on loopback."""

OF_THE_ENVIRONMENT: Final = Access("environment", None, frozenset(SCOPES))
"""The holder of ``TRACER_API_KEY``: an admin of all projects."""


class Doorkeeper:
    """Judges keys; safe to share between threads, and never waits for the store."""

    def __init__(self, *, api_key: str) -> None:
        self._api_key = api_key.encode()

    def admit(self, authorization: str | None, *, peer: str) -> Access:
        """Return what the sender of a request may do.

        Args:
            authorization: the header as it came, ``Bearer KEY`` or ``Basic`` with the
                key as the password; None if there is none.
            peer: the sender's address; failures are counted by it.

        Raises:
            Denied: 401 without a valid key, 429 after too many failures.
        """
        if not self._api_key:
            return EVERYTHING
        if hmac.compare_digest(sent_key(authorization), self._api_key):
            return OF_THE_ENVIRONMENT
        raise Denied(
            401,
            "unauthorized",
            "the request carries no valid key",
            hint="send 'Authorization: Bearer KEY' or set TRACER_API_KEY",
        )


def sent_key(authorization: str | None) -> bytes:
    """Return the key of an ``Authorization`` header, empty if it carries none."""
    # only ASCII space: what follows is bytes read as Latin-1, where \xa0 is one too
    kind, _, credentials = (authorization or "").strip(" \t").partition(" ")
    credentials = credentials.strip(" \t")
    if kind.lower() == "bearer":
        return credentials.encode("latin-1", "replace")  # as headers are read
    if kind.lower() != "basic":
        return b""
    try:
        pair = base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return pair.partition(b":")[2]

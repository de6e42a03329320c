"""Who may do what: a request's key, judged from memory, whatever door it came by."""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from collector.access.failures import Failures
from collector.access.keys import SCOPES, StoredKey, digest_of, parts_of
from collector.api.refusals import Refusal
from collector.audit import audit


class Denied(Refusal):
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
        super().__init__(status, code, message, hint=hint)
        self.message = message
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

    def require_all_projects(self) -> None:
        """Let pass only who may see every project.

        Raises:
            Denied: 403, the key is of one project.
        """
        if self.project is not None:
            raise Denied(
                403,
                "forbidden",
                f"the key is of project {self.project!r}, this is about all of them",
                hint="use a key of all projects",
            )

    @property
    def listed(self) -> list[str]:
        """Its scopes in the order of `SCOPES`."""
        return [scope for scope in SCOPES if scope in self.scopes]


_HINT: Final = "send 'Authorization: Bearer KEY', or set TRACER_API_KEY to a valid key"

LONG_KEY_BYTES: Final = 24
"""From this length on, a key is taken for one that nobody can guess."""

EVERYTHING: Final = Access(key_id="", project=None, scopes=frozenset(SCOPES))
"""Where nobody logs in: on loopback."""

OF_THE_ENVIRONMENT: Final = Access("environment", None, frozenset(SCOPES))
"""The holder of ``TRACER_API_KEY``: an admin of all projects."""


class KnownKeys(Protocol):
    """What the doorkeeper asks of the keys in memory."""

    def find(self, key_id: str) -> StoredKey | None:
        """Return a key by its public part."""

    def note(self, key_id: str) -> None:
        """Remember that a key was used."""


class Doorkeeper:
    """Judges keys; safe to share between threads, and never waits for the store.

    Args:
        api_key: ``TRACER_API_KEY``, an admin key of all projects; empty for none.
        keys: those of the store.
        needs_key: whether a request without any key is refused.
        failures: counts those who try keys.
    """

    def __init__(
        self,
        *,
        api_key: str,
        keys: KnownKeys,
        needs_key: bool,
        failures: Failures | None = None,
    ) -> None:
        self._api_key = api_key.encode()
        self._keys = keys
        self._needs_key = needs_key
        self._failures = failures or Failures()

    def admit(self, authorization: str | None, *, peer: str) -> Access:
        """Return what the sender of a request may do.

        Args:
            authorization: the header as it came, ``Bearer KEY`` or ``Basic`` with the
                key as the password; None if there is none.
            peer: the sender's address; failures are counted by it.

        Raises:
            Denied: 401 without a valid key, 429 after too many failures.
        """
        sent = sent_key(authorization)
        parts = parts_of(sent)
        if not sent:
            return self._without_key()
        if self._is_of_the_environment(sent, peer):
            return OF_THE_ENVIRONMENT
        if parts is None:
            if not self._needs_key:
                return EVERYTHING  # as one that sends whatever its client insists on
            raise self._failed(peer, None, "unknown")
        key_id, secret = parts
        key = self._keys.find(key_id)
        known = key.secret_digest if key is not None else bytes(32)
        is_right = hmac.compare_digest(digest_of(secret), known)
        if key is None or not is_right:
            raise self._failed(peer, key_id[:40], "unknown")
        if (state := key.state(datetime.now(UTC))) != "active":
            raise self._failed(peer, key.id, state)
        self._keys.note(key.id)
        scopes = SCOPES if "admin" in key.scopes else key.scopes
        return Access(key.id, key.project, frozenset(scopes))

    def _without_key(self) -> Access:
        if self._needs_key:
            raise Denied(401, "unauthorized", "the request carries no key", hint=_HINT)
        return EVERYTHING

    def _is_of_the_environment(self, sent: bytes, peer: str) -> bool:
        """Return whether this is ``TRACER_API_KEY``.

        People choose it: a short one is not looked at from where others were tried, so
        that it cannot be guessed by trying on.
        """
        if not self._api_key or not hmac.compare_digest(sent, self._api_key):
            return False
        is_long = len(self._api_key) >= LONG_KEY_BYTES
        return is_long or not self._failures.wait_s(peer)

    def _failed(self, peer: str, key_id: str | None, reason: str) -> Denied:
        """Count a wrong key and return the answer to it."""
        waited_s = self._failures.wait_s(peer)
        wait_s = self._failures.add(peer)
        if not waited_s:
            facts = {"key": key_id, "reason": reason, "waits_s": wait_s or None}
            audit("login_failed", peer=peer, **facts)
            what = "is not known here" if reason == "unknown" else f"is {reason}"
            return Denied(401, "unauthorized", f"the key {what}", hint=_HINT)
        return Denied(
            429,
            "too_many_failures",
            f"too many wrong keys came from {peer or 'this address'}",
            hint=f"try again in {wait_s} s; right keys are served all the while",
            retry_after_s=wait_s,
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

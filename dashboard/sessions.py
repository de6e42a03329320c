"""Who is signed in with a key: kept in this process's memory, never in the browser.

The browser holds a random token; the key stays here. A restart ends every session, as
does signing out; a key that is revoked is refused by the collector with the next read.
"""

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

COOKIE: Final = "tracer_session"
SHORT_S: Final = 12 * 3600
"""How long who signed in stays so: a working day."""

LONG_S: Final = 30 * 86_400
"""The same where somebody asked to stay signed in."""

MOST: Final = 10_000
"""Sessions kept; beyond, the oldest ends."""


@dataclass(frozen=True)
class Session:
    """One person, signed in with a key."""

    api_key: str
    """The key that everything is read and written with."""

    name: str
    """Author of what they save."""

    until_s: float
    """When it ends, seconds since 1970."""


class Sessions:
    """All sessions of this process; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._kept: OrderedDict[bytes, Session] = OrderedDict()

    def begin(self, api_key: str, name: str, *, lasts_s: float) -> str:
        """Keep who signed in; return the token that the browser gets."""
        token = secrets.token_urlsafe(32)
        with self._guard:
            until_s = self._clock() + lasts_s
            self._kept[_digest(token)] = Session(api_key, name, until_s)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return token

    def find(self, token: str) -> Session | None:
        """Return a session that goes on; None for any other token."""
        digest = _digest(token)
        with self._guard:
            found = self._kept.get(digest)
            if found is not None and found.until_s <= self._clock():
                del self._kept[digest]
                return None
            return found

    def end(self, token: str) -> None:
        """Forget a session; a token of none is no error."""
        with self._guard:
            self._kept.pop(_digest(token), None)


def _digest(token: str) -> bytes:
    """Return what a session is kept under: looking it up tells nothing by its time."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


SESSIONS: Final = Sessions()
"""Those of this process: pages and the door before them run in one."""

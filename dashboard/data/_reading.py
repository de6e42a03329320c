"""How everything is read: one client a key, each answer kept for seconds.

What was read with one key is shown to nobody who has another.
"""

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast

import streamlit as st

from dashboard import roles
from tracer._client.api import Api
from tracer.client import Client
from tracer.errors import CollectorError

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Row = dict[str, Any]

PAGE_ROWS: Final = 50
RUN_ROWS: Final = 20
"""Evaluation runs a page."""
MOST_ROWS: Final = 1000
LIVE_S: Final = 1
FRESH_S: Final = 10
STEADY_S: Final = 300
AT_ONCE: Final = 6
_objects: Final[list[Any]] = []
"""Caches of `kept`, so that `forget` finds them."""


@dataclass(frozen=True)
class ListPage:
    """One page of a list."""

    rows: list[Row]
    """In the order asked for."""
    next: str | None
    """Cursor of the page after it; None at the end."""


_at_hand: ContextVar[Client | None] = ContextVar("client at hand", default=None)
"""The client of the read that is under way."""


def client() -> Client:
    """Return the client of who looks at the page; `st.secrets` says where it reads.

    Its changes are noted in the collector's audit log with the person's name.
    """
    if (at_hand := _at_hand.get()) is not None:
        return at_hand
    person = roles.person()
    url = str(st.secrets["collector"]["url"])
    # with a key that many share the collector cannot tell who may only look
    may_edit = roles.login_kind() != "oidc" or person.role != "viewer"
    return _client(url, roles.api_key(), person.name, may_edit=may_edit)


@st.cache_resource(max_entries=200)
def _client(url: str, key: str, person: str, *, may_edit: bool) -> Client:
    found = Client(url, api_key=key, person=person)
    if not may_edit:
        found._api = _ReadingApi(url, key, timeout_s=60.0)
    return found


class _ReadingApi(Api):
    """The API for who may only look: no button that was forgotten writes."""

    def send(self, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
        raise CollectorError(
            "changes take the role of an editor",
            status=403,
            code="forbidden",
            hint="ask whoever runs this dashboard for the role",
        )


def cached(function: Callable[P, R]) -> Callable[P, R]:
    """Keep a copy of each answer for a few seconds: what may change any time."""
    return _by_key(
        function, st.cache_data(ttl=FRESH_S, max_entries=200, show_spinner=False)
    )


def live(function: Callable[P, R]) -> Callable[P, R]:
    """Keep an answer for a moment: viewers who watch the same share it."""
    return _by_key(
        function, st.cache_data(ttl=LIVE_S, max_entries=100, show_spinner=False)
    )


def long_cached(function: Callable[P, R]) -> Callable[P, R]:
    """Keep a copy of each answer for minutes: what hardly changes."""
    return _by_key(
        function, st.cache_data(ttl=STEADY_S, max_entries=400, show_spinner=False)
    )


def _by_key(function: Callable[P, R], cache: Callable[[Any], Any]) -> Callable[P, R]:
    """Keep answers apart by the key that they were read with."""

    def read(whose: str, _reader: Client, *args: Any, **kwargs: Any) -> R:
        # an answer may be renewed in a thread that knows of no session
        token = _at_hand.set(_reader)
        try:
            return function(*args, **kwargs)
        finally:
            _at_hand.reset(token)

    # Streamlit tells caches apart by these names and the text of the function
    read.__module__, read.__qualname__ = function.__module__, function.__qualname__
    kept_answers = cache(read)

    @wraps(function)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R:
        reader = client()
        return cast(R, kept_answers(_whose(reader), reader, *args, **kwargs))

    cast(Any, reading).clear = kept_answers.clear
    return reading


def _whose(reader: Client) -> str:
    key = reader._api.api_key or ""
    return hashlib.sha256(key.encode()).hexdigest()


def kept(
    *, ttl_s: int, max_entries: int, renew_behind: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the very objects that a function returns; nobody may change them.

    Args:
        ttl_s: How long each is fresh.
        max_entries: How many are kept.
        renew_behind: Whether one that has just ceased to be fresh is shown once more
            while it is read anew, for reads that people would have to wait for.
    """

    def keep(function: Callable[P, R]) -> Callable[P, R]:
        cache = _by_key(
            function,
            st.cache_resource(
                ttl=ttl_s,
                max_entries=max_entries,
                show_spinner=False,
                refresh_mode="background" if renew_behind else "foreground",
            ),
        )
        _objects.append(cache)
        return cache

    return keep


def forget() -> None:
    """Read everything anew from here on."""
    st.cache_data.clear()
    for cache in _objects:
        cache.clear()


def ahead(*reads: Callable[[], object]) -> None:
    """Begin reads whose answers are asked for further down the page.

    They are kept like all answers; whoever asks meanwhile waits for the same one. What
    fails is read anew where its answer is asked for, and fails there.
    """
    reader = client()

    def read(one: Callable[[], object]) -> None:
        _at_hand.set(reader)  # this thread knows of no session
        with contextlib.suppress(CollectorError):
            one()

    for one in reads:
        threading.Thread(target=read, args=(one,), daemon=True).start()


def together(read: Callable[[T], R], asked: Iterable[T]) -> list[R]:
    """Return what each read answers, in order; several wait at the same time."""
    reader = client()

    def reading(one: T) -> R:
        _at_hand.set(reader)  # this thread knows of no session
        return read(one)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(reading, asked))

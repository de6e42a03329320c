"""How everything is read: one client for the process, each answer kept for seconds."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, ParamSpec, TypeVar

import streamlit as st

from tracer.client import Client

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Row = dict[str, Any]

PAGE_ROWS: Final = 50
RUN_ROWS: Final = 20
"""Evaluation runs a page: the intervals of each are a read of its own."""
MOST_ROWS: Final = 1000
MOST_PREDICTIONS: Final = 5000
FRESH_S: Final = 10
STEADY_S: Final = 300
AT_ONCE: Final = 6
AUTHOR: Final = "dashboard"
"""Who saves datasets here: whoever holds the key has no other name."""
_objects: Final[list[Any]] = []
"""Caches of `kept`, so that `forget` finds them."""


@dataclass(frozen=True)
class ListPage:
    """One page of a list."""

    rows: list[Row]
    """In the order asked for."""
    next: str | None
    """Cursor of the page after it; None at the end."""


@st.cache_resource
def client() -> Client:
    """Return the client that this process shares; `st.secrets` says where it reads."""
    collector = st.secrets["collector"]
    return Client(collector["url"], api_key=collector["api_key"])


def cached(function: Callable[P, R]) -> Callable[P, R]:
    """Keep a copy of each answer for a few seconds: what may change any time."""
    return st.cache_data(ttl=FRESH_S, max_entries=200, show_spinner=False)(function)


def long_cached(function: Callable[P, R]) -> Callable[P, R]:
    """Keep a copy of each answer for minutes: what hardly changes."""
    return st.cache_data(ttl=STEADY_S, max_entries=400, show_spinner=False)(function)


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
        cache = st.cache_resource(
            ttl=ttl_s,
            max_entries=max_entries,
            show_spinner=False,
            refresh_mode="background" if renew_behind else "foreground",
        )(function)
        _objects.append(cache)
        return cache

    return keep


def forget() -> None:
    """Read everything anew from here on."""
    st.cache_data.clear()
    for cache in _objects:
        cache.clear()


def together(read: Callable[[T], R], asked: Iterable[T]) -> list[R]:
    """Return what each read answers, in order; several wait at the same time."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(read, asked))

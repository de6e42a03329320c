"""Asking a store in this process what the read API would be asked."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson

from collector.storage.conditions import Condition
from collector.storage.engine import Store
from collector.storage.reads.reader import Asked, Reader, Row
from collector.storage.reads.scope import Page, Scope
from collector.storage.reads.spans import list_spans
from collector.storage.reads.traces import list_traces

P = ParamSpec("P")
R = TypeVar("R")


def read(
    store: Store,
    question: Callable[Concatenate[Reader, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Ask one question on a handle of its own."""
    with store.handle("read") as client:
        return question(Reader(client, Reader.new_mark()), *args, **kwargs)


def asked(store: Store, ask: Callable[[Reader], Asked]) -> list[Row]:
    """Return the rows of one statement."""
    lines = read(store, lambda reader: reader.lines_of(ask(reader)))
    return [orjson.loads(line) for line in lines]


def of(project: str, **scope: Any) -> Scope:
    return Scope(projects=(project,), **scope)


def page(*where: tuple[Any, ...], **fields: Any) -> Page:
    return Page(where=[Condition(*one) for one in where], **fields)


def span_names(store: Store, project: str, *where: tuple[Any, ...]) -> list[str]:
    """Names of the spans that match, sorted."""
    rows, _ = read(store, list_spans, of(project), page(*where))
    return sorted(row["name"] for row in rows)


def trace_names(store: Store, project: str, *where: tuple[Any, ...]) -> list[str]:
    """Names of the traces that match, sorted."""
    rows, _ = read(store, list_traces, of(project), page(*where))
    return sorted(row["name"] for row in rows)

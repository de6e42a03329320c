"""`span`: a block of code that is a span."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import Token
from types import TracebackType
from typing import Any

from opentelemetry.context import Context
from opentelemetry.util.types import AttributeValue

from tracer import _runtime, semconv
from tracer._capture.attributes import (
    given_attributes,
    metadata_attributes,
    unique_tags,
)
from tracer._capture.current import attach, detach
from tracer._capture.opening import open_span
from tracer._capture.spans import NOOP, UNSET, Span
from tracer._guard import guarded, warn_once

_ENTERING = guarded("enter a span block")


def span(
    name: str,
    *,
    kind: str = "span",
    input: Any = UNSET,
    tags: Sequence[str] = (),
    metadata: Mapping[str, Any] | None = None,
    attributes: Mapping[str, AttributeValue] | None = None,
    sample_rate: float | None = None,
) -> AbstractContextManager[Span]:
    """Make a block of code a span; what it gives is set on it inside.

    ``with tracer.span("rerank", kind="reranker", input=docs) as span:``, then
    ``span.output = …`` and ``span.metadata["n"] = 5``. An exception that leaves the
    block fails the span, and goes on unchanged.

    Args:
        name: What is done, as people should read it.
        kind: What it is, one of `tracer.semconv.KINDS`.
        input: What it is given, any value.
        tags: Labels.
        metadata: Facts to filter by.
        attributes: Further attributes under their full names.
        sample_rate: Share to record where the block begins a trace.
    """
    return _Block(name, kind, input, tags, metadata, attributes, sample_rate)


class _Block:
    """One use of `span`; begun on entering."""

    __slots__ = ("_given", "_span", "_token")

    def __init__(self, *given: Any) -> None:
        self._given = given
        self._span = NOOP
        self._token: Token[Context] | None = None

    def __enter__(self) -> Span:
        if _runtime.state.tracer is not None:
            with _ENTERING:
                self._span = _begin(*self._given)
                self._token = attach(self._span)
        return self._span

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._span.end(error)
        detach(self._token)


def _begin(
    name: str,
    kind: str,
    value: Any,
    tags: Sequence[str],
    metadata: Mapping[str, Any] | None,
    attributes: Mapping[str, AttributeValue] | None,
    sample_rate: float | None,
) -> Span:
    if kind not in semconv.KINDS:
        warn_once(f"kind {kind!r}", f"kind {kind!r} of span {name!r} is unknown")
        kind = "span"
    given = given_attributes(attributes or {})
    if tags:
        given[semconv.TAGS] = unique_tags(tags)
    if metadata:
        given |= metadata_attributes(metadata)
    return open_span(
        name, kind=kind, attributes=given, input=value, sample_rate=sample_rate
    )

"""Our handle on a span, and the one place where it is ended."""

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, Final

import orjson
from opentelemetry import context as otel_context
from opentelemetry import trace as otel
from opentelemetry.util.types import AttributeValue

from tracer import _runtime, semconv
from tracer._capture import content as _content
from tracer._capture.attributes import (
    given_attributes,
    metadata_attributes,
    unique_tags,
)
from tracer._capture.current import HANDLE_KEY, Activation
from tracer._capture.failures import is_failure, record_failure
from tracer._capture.metadata import Metadata
from tracer._guard import guarded
from tracer._values.encoding import UNREADABLE
from tracer._values.text import clean_text


class _Unset:
    """Says that nothing was given, where None is a value like any other."""

    def __repr__(self) -> str:
        return "<not given>"


UNSET: Final = _Unset()

OPENING = guarded("begin a span")
_RECORDING = guarded("record on a span")
_ENDING = guarded("end a span")


class Span:
    """A handle on one span: what it took, what it gave, and what is worth knowing.

    Every method is safe to call at any time and never raises; after `end`, and while
    tracing is off, all of them do nothing. Besides what stands here it offers
    OpenTelemetry's `set_attribute`, `set_attributes`, `add_event`, `add_link`
    and `record_exception`.
    """

    __slots__ = ("_otel", "_content", "_generation", "_metadata", "is_recording")

    is_recording: bool
    """Whether what is set on it goes anywhere."""

    def __init__(self, span: otel.Span, *, is_recording: bool) -> None:
        self._otel = span
        self._content: dict[str, bytes] | None = None
        self._generation = _runtime.generation
        self._metadata: Metadata | None = None
        self.is_recording = is_recording

    def __repr__(self) -> str:
        name = getattr(self._otel, "name", "")
        return f"<Span {name!r} of trace {self.trace_id}>"

    @property
    def input(self) -> Any:
        """What the operation was given, as recorded (JSON's types); None if nothing."""
        return self._get(semconv.INPUT)

    @input.setter
    def input(self, value: Any) -> None:
        self.set_value(semconv.INPUT, value)

    @property
    def output(self) -> Any:
        """What the operation gave, as recorded (JSON's types); None if nothing."""
        return self._get(semconv.OUTPUT)

    @output.setter
    def output(self, value: Any) -> None:
        self.set_value(semconv.OUTPUT, value)

    @property
    def metadata(self) -> MutableMapping[str, Any]:
        """Facts to filter by: ``span.metadata["department"] = "accounting"``."""
        if self._metadata is None:
            self._metadata = Metadata(self)
        return self._metadata

    @property
    def tags(self) -> Sequence[str]:
        """Labels of the span, in the order in which they were given; may be set."""
        found = getattr(self._otel, "attributes", None) or {}
        return tuple(found.get(semconv.TAGS, ()))

    @tags.setter
    def tags(self, tags: Sequence[str]) -> None:
        with _RECORDING:
            self.set_attribute(semconv.TAGS, unique_tags(tags))

    @property
    def trace_id(self) -> str:
        """Trace id, 32 lower-case hexadecimal digits; all zero while tracing is off."""
        return format(self._otel.get_span_context().trace_id, "032x")

    @property
    def span_id(self) -> str:
        """Span id, 16 lower-case hexadecimal digits; all zero while tracing is off."""
        return format(self._otel.get_span_context().span_id, "016x")

    def set_attribute(self, key: str, value: AttributeValue) -> None:
        """Set an attribute of the span under its full name."""
        self.set_attributes({key: value})

    def set_attributes(self, attributes: Mapping[str, AttributeValue]) -> None:
        """Set several attributes at once; cheaper than one by one."""
        if self.is_recording:
            with _RECORDING:
                self._otel.set_attributes(given_attributes(attributes))

    def set_metadata(self, key: str, value: Any) -> None:
        """Set one fact; the same as ``span.metadata[key] = value``."""
        if self.is_recording:
            with _RECORDING:
                self._otel.set_attributes(metadata_attributes({key: value}))

    def add_event(
        self,
        name: str,
        attributes: Mapping[str, AttributeValue] | None = None,
        timestamp: int | None = None,
    ) -> None:
        """Add something that happened at one moment (nanoseconds since 1970)."""
        if self.is_recording:
            with _RECORDING:
                name = _runtime.state.redactor.label(clean_text(name))
                said = given_attributes(attributes or {})
                self._otel.add_event(name, said, timestamp)

    def add_link(
        self,
        trace_id: str,
        span_id: str | None = None,
        attributes: Mapping[str, AttributeValue] | None = None,
    ) -> None:
        """Point at another call by its ids; without a span id at its whole trace."""
        if self.is_recording:
            with _RECORDING:
                call = otel.SpanContext(
                    int(trace_id, 16), int(span_id or "0", 16), is_remote=True
                )
                self._otel.add_link(call, given_attributes(attributes or {}))

    def record_exception(self, error: BaseException) -> None:
        """Add an exception that was dealt with; the span does not fail by it."""
        if self.is_recording:
            with _RECORDING:
                record_failure(self._otel, error, fails=False)

    def set_value(self, key: str, value: Any) -> None:
        """Set content from any Python value, which is recorded as it is now."""
        if self.is_recording:
            with _RECORDING:
                self.record_value(key, value)

    def record_value(self, key: str, value: Any) -> None:
        """Do the same for a caller who stands in a guard already."""
        state = _runtime.state
        settings = state.settings
        if settings.capture_content:
            try:
                data = state.redactor.encoded(value, settings.max_value_bytes)
            except BaseException as error:
                if not _RECORDING.swallow(error):
                    raise
                data = UNREADABLE.encode()
            # a copy: orjson cuts a block of 1 kB to size, and hundreds of those, kept
            # until they are sent, cost malloc ten times what the copy does
            self._put(key, b"".join((data, b"")))

    def set_content(self, key: str, json_text: str | bytes) -> None:
        """Set content that is JSON already; secrets are taken out of it here."""
        state = _runtime.state
        if self.is_recording and state.settings.capture_content:
            with _RECORDING:
                if isinstance(json_text, str):
                    json_text = clean_text(json_text).encode()
                self._put(key, state.redactor.json(json_text))

    def end(
        self,
        error: BaseException | None = None,
        end_time_ns: int | None = None,
        *,
        output: Any = UNSET,
    ) -> None:
        """End the span, as failed if there is an error; once, later calls do nothing.

        Args:
            error: What left the operation; see `is_failure` for what fails it.
            end_time_ns: When it ended, nanoseconds since 1970; None = now.
            output: What the operation gave, if that was not set before.
        """
        if not self.is_recording:
            return
        self.is_recording = False
        if self._generation != _runtime.generation:
            return
        try:
            try:
                if output is not UNSET:
                    self.record_value(semconv.OUTPUT, output)
                if error is not None and is_failure(error):
                    record_failure(self._otel, error, fails=True)
            finally:
                _content.end_with(self._otel, self._content, end_time_ns)
        except BaseException as ours:
            if not _ENDING.swallow(ours):
                raise

    def activate(self) -> Activation:
        """Make this the current span within a block; never across a ``yield``."""
        return Activation(self)

    def _put(self, key: str, data: bytes) -> None:
        if self._content is None:
            self._content = {}
        self._content[key] = data

    def _get(self, key: str) -> Any:
        data = (self._content or {}).get(key)
        return None if data is None else orjson.loads(data)


class BorrowedSpan(Span):
    """A handle on a span that other code began, and will end."""

    __slots__ = ()

    def end(
        self,
        error: BaseException | None = None,
        end_time_ns: int | None = None,
        *,
        output: Any = UNSET,
    ) -> None:
        """Do nothing: whoever began the span ends it."""

    def _put(self, key: str, data: bytes) -> None:
        self._content = _content.add_to_foreign(self._otel, key, data)


NOOP: Final = Span(otel.INVALID_SPAN, is_recording=False)
"""Stands for every span while tracing is off."""


def current_span() -> Span:
    """Return the span that is current here; one that does nothing if there is none.

    Also the span of another library, whose metadata and content can be added to.
    """
    with OPENING:
        current = otel.get_current_span()
        handle = otel_context.get_value(HANDLE_KEY)
        if isinstance(handle, Span) and handle._otel is current:
            return handle
        if _runtime.state.delivery is not None and current.is_recording():
            return BorrowedSpan(current, is_recording=True)
    return NOOP

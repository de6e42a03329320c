"""One logical call, retries included: its span from the request to the last byte."""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final

from opentelemetry.trace import SpanKind
from opentelemetry.util.types import AttributeValue

from tracer import _runtime, semconv
from tracer._capture.attributes import metadata_attributes
from tracer._capture.opening import begin_span
from tracer._capture.spans import Span
from tracer._capture.store import store
from tracer._guard import guarded
from tracer._openai.endpoints import Endpoint, endpoint_of
from tracer._openai.fields import Reading, fields_of
from tracer._openai.neighbours import Sending, is_left_to_others
from tracer._openai.server import server_attributes
from tracer._openai.speed import tokens_per_second
from tracer._values.text import clean_text

_OPENING = guarded("record a model call")
_READING = guarded("read a model's answer")
_REQUEST_ID: Final = "x-request-id"


class Call:
    """A call that is being recorded; whatever comes, `finish` ends it once."""

    __slots__ = ("endpoint", "is_streamed", "_request_id", "_span", "_started_ns")

    def __init__(self, endpoint: Endpoint, span: Span, *, is_streamed: bool) -> None:
        self.endpoint = endpoint
        self._span = span
        self._started_ns = time.time_ns()
        self._request_id: str | None = None
        self.is_streamed = is_streamed
        """Whether the caller asked for a stream."""

    @property
    def is_recording(self) -> bool:
        """Whether an answer is still of interest."""
        return self._span.is_recording

    def active(self) -> AbstractContextManager[Any]:
        """Make the span current while the request is sent."""
        return Sending(self._span)

    def note(self, response: Any) -> None:
        """Remember what the headers of an HTTP response say."""
        self._request_id = response.headers.get(_REQUEST_ID)

    def finish(
        self,
        response: Any = None,
        error: BaseException | None = None,
        *,
        first_chunk_ns: int | None = None,
        last_chunk_ns: int | None = None,
        end_time_ns: int | None = None,
    ) -> None:
        """Record the answer as far as it came, and end the span.

        Args:
            response: The client's object or JSON; None if there was no answer.
            error: What the caller got instead of, or after, the answer.
            first_chunk_ns: When the first piece of the answer came.
            last_chunk_ns: When the last piece of it came.
            end_time_ns: When the call ended, if not now.
        """
        if not self.is_recording:
            return
        with _READING:
            answered = _NOTHING_ANSWERED
            attributes: dict[str, AttributeValue] = {}
            if response is not None:
                answered = self.endpoint.read_response(response)
                attributes = answered.attributes
                error = error or _served_error(answered)
            if request_id := self._request_id or _request_id(response, error):
                attributes[semconv.RESPONSE_REQUEST_ID] = request_id
            if self.is_streamed and first_chunk_ns is not None:
                waited_s = max(first_chunk_ns - self._started_ns, 0) / 1e9
                attributes[semconv.RESPONSE_TIME_TO_FIRST_CHUNK] = waited_s
                took_ns = (last_chunk_ns or first_chunk_ns) - first_chunk_ns
                hides = self.endpoint.hides_reasoning
                if speed := tokens_per_second(answered, took_ns, hides_reasoning=hides):
                    attributes[semconv.RESPONSE_OUTPUT_TOKENS_PER_SECOND] = speed
            _write(self._span, answered, attributes)
        self._span.end(error, end_time_ns)


_NOTHING_ANSWERED: Final = Reading({})


def begin(client: Any, options: Any) -> Call | None:
    """Open the span of a request that is about to be sent.

    None if nothing is to be recorded: another path, tracing off, another library that
    records this very call, or a failure of ours.

    Args:
        client: The OpenAI client.
        options: Its ``FinalRequestOptions``, the body already made plain.
    """
    if _runtime.state.tracer is None:
        return None
    with _OPENING:
        found = endpoint_of(options.method, options.url)
        if found is not None and not is_left_to_others():
            endpoint, response_id = found
            return _open(endpoint, client, _asked(options, response_id))
    return None


def _open(endpoint: Endpoint, client: Any, asked: Mapping[str, Any]) -> Call:
    read = endpoint.read_request(asked)
    attributes = {**endpoint.attributes, **server_attributes(client), **read.attributes}
    user = attributes.pop(semconv.USER_ID, None)
    name = endpoint.name
    model = asked.get("model")
    if isinstance(model, str):
        attributes[semconv.REQUEST_MODEL] = model
        name = f"{name} {model}"
    is_streamed = asked.get("stream") is True
    if is_streamed:
        attributes[semconv.REQUEST_STREAM] = True
    metadata = asked.get("metadata")
    if isinstance(metadata, Mapping):
        attributes |= metadata_attributes(metadata)
    span = begin_span(clean_text(name), attributes, SpanKind.CLIENT)
    call = Call(endpoint, span, is_streamed=is_streamed)
    _write(span, read, _user_if_unknown(span, user) if user else None)
    return call


def _user_if_unknown(span: Span, user: AttributeValue) -> dict[str, AttributeValue]:
    """Return the user that the request names, unless the app said who it is."""
    known = getattr(span._otel, "attributes", None) or {}
    return {} if semconv.USER_ID in known else {semconv.USER_ID: user}


def _write(
    span: Span, reading: Reading, attributes: Mapping[str, AttributeValue] | None
) -> None:
    if attributes:
        store(span._otel, attributes)
    for key, content in reading.content.items():
        span.set_value(key, content)


def _request_id(response: Any, error: BaseException | None) -> str | None:
    """Return the id that the client found in the headers, where it keeps one."""
    fields = fields_of(response)
    found = fields.get("_request_id") or getattr(error, "request_id", None)
    if found is None and (headers := getattr(fields.get("response"), "headers", None)):
        found = headers.get(_REQUEST_ID)
    return found if isinstance(found, str) else None


def _served_error(answered: Reading) -> BaseException | None:
    """Return the error that the client raises for such an answer when it reads it."""
    if answered.failure is None:
        return None
    from openai import APIError

    return APIError(answered.failure, request=None, body=None)  # type: ignore[arg-type]


def _asked(options: Any, response_id: str) -> Mapping[str, Any]:
    """Return everything that a request says, wherever it says it."""
    fields = fields_of(options)
    body = fields.get("json_data")
    asked: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
    if isinstance(extra := fields.get("extra_json"), Mapping):
        asked = {**asked, **extra}
    if response_id:
        asked = {**fields.get("params", {}), **asked, "response_id": response_id}
    if files := fields.get("files"):
        asked = {**asked, "files": files}
    return asked

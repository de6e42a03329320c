"""One logical call, retries included: its span from the request to the last byte."""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from opentelemetry.trace import SpanKind
from opentelemetry.util.types import AttributeValue

from tracer import _runtime, semconv
from tracer._guard import guarded
from tracer._openai.endpoints import Endpoint, endpoint_of
from tracer._openai.fields import Reading, get, text
from tracer._openai.neighbours import Sending, is_left_to_others
from tracer._spans import Span, metadata_attributes, open_span

_PROVIDERS = {
    "BaseAzureClient": "azure.ai.openai",
    "BedrockOpenAI": "aws.bedrock",
    "AsyncBedrockOpenAI": "aws.bedrock",
}
_PORTS = {"https": 443, "http": 80}
_OPENING = guarded("record a model call")
_READING = guarded("read a model's answer")


class Call:
    """A call that is being recorded; whatever comes, `finish` ends it once."""

    def __init__(self, endpoint: Endpoint, span: Span, *, is_streamed: bool) -> None:
        self.endpoint = endpoint
        self._span = span
        self._started_ns = time.time_ns()
        self.is_streamed = is_streamed
        """Whether the caller asked for a stream."""

    @property
    def is_recording(self) -> bool:
        """Whether an answer is still of interest."""
        return self._span.is_recording

    def active(self) -> AbstractContextManager[Any]:
        """Make the span current while the request is sent."""
        return Sending(self._span)

    def finish(
        self,
        response: Any = None,
        error: BaseException | None = None,
        *,
        first_chunk_ns: int | None = None,
        end_time_ns: int | None = None,
    ) -> None:
        """Record the answer as far as it came, and end the span.

        Args:
            response: The client's object or JSON; None if there was no answer.
            error: What the caller got instead of, or after, the answer.
            first_chunk_ns: When the first piece of the answer came.
            end_time_ns: When the call ended, if not now.
        """
        if not self.is_recording:
            return
        with _READING:
            if response is not None:
                answered = self.endpoint.read_response(response)
                _write(self._span, answered)
                error = error or _served_error(answered)
            if self.is_streamed and first_chunk_ns is not None:
                waited_s = max(first_chunk_ns - self._started_ns, 0) / 1e9
                key = semconv.RESPONSE_TIME_TO_FIRST_CHUNK
                self._span.set_attribute(key, waited_s)
        self._span.end(error, end_time_ns)


def begin(client: Any, options: Any) -> Call | None:
    """Open the span of a request that is about to be sent.

    None if nothing is to be recorded: another path, tracing off, another library that
    records this very call, or a failure of ours.

    Args:
        client: The OpenAI client.
        options: Its ``FinalRequestOptions``, the body already made plain.
    """
    with _OPENING:
        endpoint = endpoint_of(options.method, options.url)
        if endpoint is None or _runtime.state.tracer is None:
            return None
        if not is_left_to_others():
            return _open(endpoint, client, _body(options))
    return None


def _open(endpoint: Endpoint, client: Any, body: Mapping[str, Any]) -> Call:
    asked = endpoint.read_request(body)
    model = text(body, "model")
    is_streamed = get(body, "stream") is True
    metadata = get(body, "metadata")
    attributes: dict[str, AttributeValue] = {
        semconv.OPERATION_NAME: endpoint.operation,
        semconv.REQUEST_MODEL: model,
        **_server(client),
        **asked.attributes,
    }
    if is_streamed:
        attributes[semconv.REQUEST_STREAM] = True
    if isinstance(metadata, Mapping):
        attributes |= metadata_attributes(metadata)
    span = open_span(
        f"{endpoint.operation} {model}".rstrip(),
        kind=endpoint.kind,
        span_kind=SpanKind.CLIENT,
        attributes=attributes,
    )
    _write(span, Reading({}, asked.content))
    return Call(endpoint, span, is_streamed=is_streamed)


def _write(span: Span, reading: Reading) -> None:
    if reading.attributes:
        span.set_attributes(reading.attributes)
    for key, content in reading.content.items():
        span.set_value(key, content)


def _served_error(answered: Reading) -> BaseException | None:
    """Return the error that the client raises for such an answer when it reads it."""
    if answered.failure is None:
        return None
    from openai import APIError

    return APIError(answered.failure, request=None, body=None)  # type: ignore[arg-type]


def _body(options: Any) -> Mapping[str, Any]:
    body = options.json_data if isinstance(options.json_data, Mapping) else {}
    extra = get(options, "extra_json")
    return {**body, **extra} if isinstance(extra, Mapping) else body


def _server(client: Any) -> dict[str, AttributeValue]:
    """Say which flavour of the API is spoken, and where."""
    provider = "openai"
    for base in type(client).__mro__:
        provider = _PROVIDERS.get(base.__name__, provider)
    url = client.base_url
    attributes: dict[str, AttributeValue] = {
        semconv.PROVIDER_NAME: provider,
        semconv.SERVER_ADDRESS: url.host,
    }
    if port := url.port or _PORTS.get(url.scheme):
        attributes[semconv.SERVER_PORT] = port
    return attributes

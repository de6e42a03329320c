"""Model calls that other systems kept, as spans like those of our own client."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracer import semconv
from tracer._openai.chat import read_request, read_response
from tracer.importers._found import ImportedSpan


def chat_span(
    *,
    trace_id: str,
    span_id: str,
    parent_span_id: str | None = None,
    start_ns: int,
    end_ns: int,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
    metadata: Mapping[str, Any] | None = None,
    error: str | None = None,
    provider: str = "openai",
) -> ImportedSpan:
    """Return the span of a chat completion.

    Args:
        trace_id: 32 hex digits.
        span_id: 16 hex digits.
        parent_span_id: The span above, if any.
        start_ns: When it began.
        end_ns: When it ended.
        request: As the API takes it: ``model``, ``messages`` …
        response: As the API answers: ``choices``, ``usage`` …
        metadata: Facts.
        error: What went wrong.
        provider: Whose API it was.
    """
    asked, answered = read_request(request), read_response(response)
    model = request.get("model") or response.get("model") or ""
    attributes = {**asked.attributes, **answered.attributes}
    attributes[semconv.REQUEST_MODEL] = model
    attributes[semconv.PROVIDER_NAME] = provider
    return ImportedSpan(
        trace_id=trace_id,
        span_id=span_id,
        parent_span_id=parent_span_id,
        name=f"chat {model}".strip(),
        kind="llm",
        start_ns=start_ns,
        end_ns=end_ns,
        attributes=attributes,
        content={**asked.content, **answered.content},
        metadata=metadata or {},
        error=error or answered.failure,
    )


def response_of(
    messages: Sequence[Any], *, usage: Any = None, finish_reason: Any = None
) -> dict[str, Any]:
    """Return a completion that says these messages, one choice each."""
    choices = [
        {"index": index, "message": message, "finish_reason": finish_reason or "stop"}
        for index, message in enumerate(messages)
    ]
    return {"choices": choices, "usage": usage}

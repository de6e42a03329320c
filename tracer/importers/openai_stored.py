"""OpenAI's Stored Completions, read from the API that keeps them."""

from collections.abc import Mapping
from typing import Any, Final

from tracer.evaluation.dataset import Dataset
from tracer.importers._chat import chat_span
from tracer.importers._found import Found, ImportedSpan, Unread
from tracer.importers._ids import span_id_of, trace_id_of
from tracer.importers._times import time_ns

SYSTEM: Final = "openai-stored"
PAGE_ITEMS: Final = 100


def read(
    client: Any,
    *,
    model: str | None = None,
    metadata: Mapping[str, str] | None = None,
    limit: int | None = None,
    dataset: str | None = None,
) -> Found:
    """Return stored chat completions as model calls, the oldest first.

    A completion's id is kept as the response id; trace and span ids follow from it.

    Args:
        client: An ``openai.OpenAI``.
        model: Only of this model.
        metadata: Only with these metadata.
        limit: The most that are read; None for all.
        dataset: Also make a dataset of this name, with the answers as outputs.

    Raises:
        openai.OpenAIError: The API refuses.
    """
    found = Found(system=SYSTEM)
    asked: dict[str, Any] = {"limit": PAGE_ITEMS, "order": "asc"}
    asked |= {"model": model} if model else {}
    asked |= {"metadata": dict(metadata)} if metadata else {}
    rows: list[dict[str, Any]] = []
    for number, completion in enumerate(client.chat.completions.list(**asked)):
        if limit is not None and number >= limit:
            break
        pages = client.chat.completions.messages.list(completion.id, limit=PAGE_ITEMS)
        messages = [_message(one.model_dump()) for one in pages]
        _take(completion.model_dump(), messages, rows, found)
    if dataset is not None and rows:
        found.datasets.append(Dataset(rows, name=dataset))
    return found


def _take(
    completion: dict[str, Any],
    messages: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    found: Found,
) -> None:
    id, created_ns = str(completion.get("id")), time_ns(completion.get("created"))
    if created_ns is None or not completion.get("choices"):
        why = "a completion without a time or without choices"
        found.unread.append(Unread(id, why))
        return
    span = _span(id, created_ns, completion, messages)
    found.spans.append(span)
    said = completion["choices"][0].get("message") or {}
    rows.append(
        {
            "id": id,
            "inputs": {"messages": messages},
            "output": said.get("content") or {k: v for k, v in said.items() if v},
            "metadata": completion.get("metadata") or {},
            "source": {"trace_id": span.trace_id, "span_id": span.span_id},
        }
    )


def _span(
    id: str,
    created_ns: int,
    completion: dict[str, Any],
    messages: list[dict[str, Any]],
) -> ImportedSpan:
    answer = ("id", "object", "created", "choices", "usage", "metadata", "request_id")
    request = {k: v for k, v in completion.items() if k not in answer and v is not None}
    return chat_span(
        trace_id=trace_id_of(SYSTEM, id),
        span_id=span_id_of(SYSTEM, id),
        start_ns=created_ns,
        end_ns=created_ns,  # the API keeps no duration
        request={**request, "messages": messages},
        response=completion,
        metadata=completion.get("metadata") or {},
    )


def _message(stored: dict[str, Any]) -> dict[str, Any]:
    """Return a stored message as it was sent; its parts stand beside its content."""
    parts = stored.pop("content_parts", None)
    stored.pop("id", None)
    said = {key: value for key, value in stored.items() if value is not None}
    return {**said, "content": parts} if parts else said

"""What one span says: its attributes by field, in the words of the table's columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.conventions import FIRST_TOKEN_EVENTS
from collector.records import LAST_NS
from collector.span_rows import attributes as lists
from collector.span_rows.attributes import Attributes, LeftToEngine, unique
from collector.span_rows.fields import kind_of, metadata_prefix, places_of
from collector.span_rows.json_values import as_letters, members, model_within
from collector.span_rows.previews import preview
from collector.span_rows.texts import (
    float_or_none,
    json_text,
    rounded,
    small_count_or_none,
    tokens_or_none,
    whole_or_none,
)

_OWN_METADATA = "tracer.metadata."
_CONTENT = ("input", "output", "expected")
_COUNTING_KINDS = frozenset({"llm", "embedding", "reranker"})
_SPAN_KINDS = {2: "server", 3: "client", 4: "producer", 5: "consumer"}
_SERVER = 2
_FAILED = 2
_REMOTE_PARENT = 768


@dataclass(frozen=True)
class SentSpan:
    """A span with its attributes read; each method gives some columns."""

    span: Span
    """As sent."""

    received_ms: int
    """When it came; stands for a time that the sender does not give."""

    @cached_property
    def attributes(self) -> Attributes:
        """Its own attributes."""
        return lists.read(self.span.attributes)

    @cached_property
    def places(self) -> dict[str, int]:
        """Field → position of the attribute that carries it."""
        return places_of(self.attributes)

    def value(self, field: str) -> str:
        """Return the text of a field, empty if no attribute carries it."""
        position = self.places.get(field)
        return "" if position is None else self.attributes.texts[position]

    @cached_property
    def kind(self) -> str:
        """Our kind."""
        if told := kind_of(self.attributes):
            return told
        if "tool" in self.places:
            return "tool"
        has_usage = tokens_or_none(self.value("input_tokens")) is not None
        return "llm" if "model" in self.places and has_usage else "span"

    @cached_property
    def start_ns(self) -> int:
        """When it began, else ended, else came."""
        span, received_ns = self.span, self.received_ms * 1_000_000
        sent_ns = span.start_time_unix_nano or span.end_time_unix_nano or received_ns
        return min(sent_ns, LAST_NS)

    def identity(self) -> dict[str, Any]:
        """Return who it is, and when."""
        span, start_ns = self.span, self.start_ns
        end_ns = span.end_time_unix_nano
        return {
            "ts": start_ns,
            "duration_ns": min(end_ns, LAST_NS) - start_ns if end_ns >= start_ns else 0,
            "trace_id": span.trace_id,
            "span_id": span.span_id,
            "parent_span_id": span.parent_span_id or bytes(8),
            "is_entry": not any(span.parent_span_id)
            or span.flags & _REMOTE_PARENT == _REMOTE_PARENT,
            "name": span.name,
            "kind": self.kind,
            "span_kind": _SPAN_KINDS.get(span.kind, "internal"),
            "operation": self.value("operation"),
        }

    def outcome(self) -> dict[str, str]:
        """Return whether it failed, and why; an exception event fills in."""
        failed = self.span.status.code == _FAILED
        message, error_type = self.span.status.message, self.value("error_type")
        if failed and not (message and error_type):
            told = _exception(self.span)
            message = message or told.text_of("exception.message")
            error_type = error_type or told.text_of("exception.type")
        status = "error" if failed else "ok"
        return {"status": status, "status_message": message, "error_type": error_type}

    def usage(self) -> dict[str, Any]:
        """Return model, tokens and the sender's own figures."""
        counts = self.kind in _COUNTING_KINDS and self.span.kind != _SERVER
        return {
            "provider": self.value("provider"),
            "model": self.value("model") or model_within(self.value("model_within")),
            "usage_counts": counts,
            "input_tokens": tokens_or_none(self.value("input_tokens")),
            "output_tokens": tokens_or_none(self.value("output_tokens")),
            "cache_read_tokens": tokens_or_none(self.value("cache_read_tokens")),
            "sender_cost_usd": float_or_none(self.value("sender_cost_usd")),
            "time_to_first_token_ns": self._time_to_first_token_ns(),
        }

    def _time_to_first_token_ns(self) -> int | None:
        seconds = float_or_none(self.value("time_to_first_token_s"))
        if seconds is not None:
            return whole_or_none(rounded(seconds * 1e9))
        ms = float_or_none(self.value("time_to_first_token_ms"))
        if ms is not None:
            return whole_or_none(rounded(ms * 1e6))
        events = (e for e in self.span.events if e.name in FIRST_TOKEN_EVENTS)
        first = next(events, None)
        after_ns = first.time_unix_nano - self.start_ns if first else 0
        return whole_or_none(float(after_ns)) if after_ns > 0 else None

    def context(self) -> dict[str, Any]:
        """Return whose call it is and what it belongs to."""
        return {
            "user_id": self.value("user_id"),
            "session_id": self.value("session_id"),
            "tags": _tags(self.value("tags")),
            "prompt_name": self.value("prompt_name"),
            "prompt_version": self.value("prompt_version"),
            "evaluation_id": self.value("evaluation_id"),
            "example_id": self.value("example_id"),
            "trial": small_count_or_none(self.value("trial")),
        }

    def content(self) -> dict[str, str]:
        """Return what went in and came out."""
        went_in = as_letters(self.value("input"))
        came_out = as_letters(self.value("output"))
        return {
            "input": went_in,
            "output": came_out,
            "expected": self.value("expected"),
            "input_preview": preview(went_in, message=-1),
            "output_preview": preview(came_out, message=0),
        }

    def maps(self) -> dict[str, dict[str, str]]:
        """Return the attributes that no column holds, metadata, and all types.

        Raises:
            LeftToEngine: a map would hold a key twice.
        """
        content = {self.places[name]: name for name in _CONTENT if name in self.places}
        kept: tuple[list[str], list[str]] = [], []
        metadata: tuple[list[str], list[str]] = [], []
        types: tuple[list[str], list[str]] = [], []
        for position, (key, text, type_name) in enumerate(self.attributes.members()):
            prefix = metadata_prefix(key)
            if prefix:
                _add(metadata, key.removeprefix(prefix), text)
            if position in content:
                type_name = content[position]
            elif not key.startswith(_OWN_METADATA):
                _add(kept, key, text)
            if type_name:
                _add(types, key, type_name)
                if prefix and not key.startswith(_OWN_METADATA):
                    _add(types, _OWN_METADATA + key.removeprefix(prefix), type_name)
        for key, text, type_name in members(self.value("metadata_json")):
            if key not in metadata[0]:
                _add(metadata, key, text)
                if type_name:
                    _add(types, _OWN_METADATA + key, type_name)
        return {
            "attributes": unique(*kept),
            "metadata": unique(*metadata),
            "attribute_types": unique(*types),
        }

    def events(self) -> str:
        """Return its events as JSON."""
        return _json_list(
            f'{{"name":{json_text(event.name)},"time_ns":{event.time_unix_nano},'
            f'"attributes":{lists.read(event.attributes).as_json()}}}'
            for event in self.span.events
        )

    def links(self) -> str:
        """Return its links as JSON."""
        return _json_list(
            f'{{"trace_id":"{link.trace_id.hex()}","span_id":"{link.span_id.hex()}",'
            f'"attributes":{lists.read(link.attributes).as_json()}}}'
            for link in self.span.links
        )


def _exception(span: Span) -> Attributes:
    told = next((event for event in span.events if event.name == "exception"), None)
    return lists.read(told.attributes if told else ())


def _tags(sent: str) -> list[str]:
    if not sent.startswith("["):
        return [tag for part in sent.split(",") if (tag := part.strip(" "))]
    try:
        tags = orjson.loads(sent)
    except orjson.JSONDecodeError:
        return []
    if not all(isinstance(tag, str) for tag in tags):
        raise LeftToEngine("a tag is no text")
    return [tag for tag in tags if tag]


def _add(columns: tuple[list[str], list[str]], key: str, text: str) -> None:
    columns[0].append(key)
    columns[1].append(text)


def _json_list(members: Iterable[str]) -> str:
    return f"[{','.join(members)}]"

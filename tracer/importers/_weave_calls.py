"""Weave's calls as our spans, and names out of its references."""

from collections.abc import Mapping
from typing import Any, Final

from tracer import semconv
from tracer.importers._found import ImportedSpan
from tracer.importers._ids import span_id_of
from tracer.importers._records import Record
from tracer.importers._times import time_ns

SYSTEM: Final = "weave"

_CHAT_OPS: Final = ("chat.completions", "messages.create", "responses.create")
_KINDS: Final = frozenset({"llm", "tool", "agent", "retriever", "embedding", "chain"})


def op_of(call: Record) -> str:
    """Return the op's own name of ``weave:///entity/project/op/NAME:version``."""
    name = str(call.get("op_name") or "")
    return name.rpartition("/op/")[2].partition(":")[0] if "/op/" in name else name


def name_of_ref(ref: Any) -> str:
    """Return what a reference names: an object, or the digest of a row; else ""."""
    if not isinstance(ref, str) or not ref.startswith("weave:///"):
        return ""
    return ref.rpartition("/")[2].partition(":")[0]


def span_of(
    call: Record, trace_id: str, *, above: Any, kind: str | None = None
) -> ImportedSpan:
    """Return the span of a call.

    Args:
        call: The call.
        trace_id: The trace that the span is to be in.
        above: Id of the call above it; None for a root.
        kind: What it is, where the tree says so.
    """
    op, start_ns = op_of(call), time_ns(call["started_at"]) or 0
    summary = _mapping(call.get("summary"))
    own = kind or _kind(call, op)
    failed = call.get("exception")
    return ImportedSpan(
        trace_id=trace_id,
        span_id=span_id_of(SYSTEM, str(call["id"])),
        parent_span_id=span_id_of(SYSTEM, str(above)) if above else None,
        name=str(call.get("display_name") or op or "call"),
        kind=own,
        start_ns=start_ns,
        end_ns=time_ns(call.get("ended_at")) or start_ns,
        attributes=_usage(call, summary) if own == "llm" else _of_thread(call),
        content={
            semconv.INPUT: {
                key: value
                for key, value in _mapping(call.get("inputs")).items()
                if key != "self"
            },
            semconv.OUTPUT: call.get("output"),
        },
        metadata={
            "weave.call_id": call["id"],
            "weave.op": op,
            **_given(call),
        },
        error=None if failed is None else str(failed),
    )


def _kind(call: Record, op: str) -> str:
    said = _mapping(_mapping(call.get("attributes")).get("weave")).get("kind")
    if said in _KINDS:
        return str(said)
    return "llm" if any(word in op for word in _CHAT_OPS) else "span"


def _usage(call: Record, summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return model and tokens; usage of a call below counts there, not here."""
    usage = _mapping(summary.get("usage"))
    asked = _mapping(call.get("inputs")).get("model")
    model = asked or next(iter(usage), None)
    own = _mapping(usage.get(next(iter(usage), "")))
    return {
        **_of_thread(call),
        semconv.REQUEST_MODEL: model,
        semconv.RESPONSE_MODEL: next(iter(usage), None),
        semconv.USAGE_INPUT_TOKENS: own.get("prompt_tokens") or own.get("input_tokens"),
        semconv.USAGE_OUTPUT_TOKENS: own.get("completion_tokens")
        or own.get("output_tokens"),
    }


def _of_thread(call: Record) -> dict[str, Any]:
    return {semconv.SESSION_ID: call.get("thread_id")}


def _given(call: Record) -> dict[str, Any]:
    """Return what the user said of a call, without Weave's own words."""
    given = _mapping(call.get("attributes"))
    return {key: value for key, value in given.items() if key != "weave"}


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}

"""Weave's calls as our spans, and names out of its references."""

from collections.abc import Mapping
from typing import Any, Final

from tracer import semconv
from tracer.importers._found import ImportedSpan
from tracer.importers._ids import span_id_of
from tracer.importers._records import Record
from tracer.importers._times import time_ns
from tracer.importers._weave_tree import Tree, mapping, op_of

SYSTEM: Final = "weave"

_CHAT_OPS: Final = ("chat.completions", "messages.create", "responses.create")
_CACHES: Final = ("cache_read_input_tokens", "cache_creation_input_tokens")
_FACTS: Final = ("wb_user_id", "wb_run_id", "turn_id")
_KINDS: Final = frozenset({"llm", "tool", "agent", "retriever", "embedding", "chain"})


def name_of_ref(ref: Any) -> str:
    """Return what a reference names: an object, or the digest of a row; else ""."""
    if not isinstance(ref, str) or not ref.startswith("weave:///"):
        return ""
    return ref.rpartition("/")[2].partition(":")[0]


def span_of(
    call: Record, trace_id: str, *, above: Any, tree: Tree, kind: str | None = None
) -> ImportedSpan:
    """Return the span of a call.

    Args:
        call: The call.
        trace_id: The trace that the span is to be in.
        above: Id of the call above it; None for a root.
        tree: All calls: who of them used tokens, and who only repeats it.
        kind: What it is, where the tree says so.
    """
    op, start_ns = op_of(call), time_ns(call["started_at"]) or 0
    usage = tree.own_usage(call)
    own = kind or _kind(call, op, usage)
    is_model_call = own == "llm" or bool(usage)
    return ImportedSpan(
        trace_id=trace_id,
        span_id=span_id_of(SYSTEM, str(call["id"])),
        parent_span_id=span_id_of(SYSTEM, str(above)) if above else None,
        name=str(call.get("display_name") or op or "call"),
        kind=own,
        start_ns=start_ns,
        end_ns=tree.end_ns(call) or start_ns,
        attributes={
            semconv.SESSION_ID: call.get("thread_id"),
            **(_of_model(call, usage) if is_model_call else {}),
        },
        content={
            semconv.INPUT: {
                key: value
                for key, value in mapping(call.get("inputs")).items()
                if key != "self"
            },
            semconv.OUTPUT: call.get("output"),
        },
        metadata={
            "weave.call_id": call["id"],
            "weave.op": op,
            **{f"weave.{key}": call[key] for key in _FACTS if call.get(key)},
            **_other_words(call, own, usage),
            **_given(call),
        },
        error=failure_of(call),
    )


def failure_of(call: Record) -> str | None:
    """Return what went wrong; a call without an end is told of as unfinished."""
    if (failed := call.get("exception")) is not None:
        return str(failed)
    if time_ns(call.get("ended_at")) is None:
        return "unfinished: the export does not say when it ended"
    return None


def _kind(call: Record, op: str, usage: Mapping[str, Any]) -> str:
    said = _said_kind(call)
    if usage and said != "embedding":
        return "llm"
    if said in _KINDS:
        return str(said)
    return "llm" if any(word in op for word in _CHAT_OPS) else "span"


def _said_kind(call: Record) -> Any:
    return mapping(mapping(call.get("attributes")).get("weave")).get("kind")


def _of_model(call: Record, usage: Mapping[str, Any]) -> dict[str, Any]:
    """Return model, tokens and cost; of several models the first, costs of all."""
    named = next(iter(usage), None)
    asked = mapping(call.get("inputs")).get("model")
    own = mapping(usage.get(named or ""))
    cached = mapping(
        own.get("prompt_tokens_details") or own.get("input_tokens_details")
    )
    # Anthropic's input has no cached tokens in it
    parts = [own.get(key) for key in ("input_tokens", *_CACHES)]
    told = own.get("prompt_tokens") or sum(n for n in parts if isinstance(n, int))
    return {
        semconv.REQUEST_MODEL: asked if isinstance(asked, str) and asked else named,
        semconv.RESPONSE_MODEL: named,
        semconv.USAGE_INPUT_TOKENS: told or None,
        semconv.USAGE_OUTPUT_TOKENS: own.get("completion_tokens")
        or own.get("output_tokens"),
        semconv.USAGE_CACHE_READ_INPUT_TOKENS: own.get(_CACHES[0])
        or cached.get("cached_tokens"),
        semconv.USAGE_COST: _cost(call) if usage else None,
    }


def _cost(call: Record) -> float | None:
    """Return the cost in USD that Weave reckoned; None if it was not exported."""
    costs = mapping(mapping(mapping(call.get("summary")).get("weave")).get("costs"))
    told = [
        float(usd)
        for of_model in costs.values()
        for name, usd in mapping(of_model).items()
        if name.endswith("_total_cost") and isinstance(usd, int | float)
    ]
    return sum(told) if told else None


def _other_words(call: Record, kind: str, usage: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a span has no room for: other kind, other models, own summary."""
    said = _said_kind(call)
    summary = {
        key: value
        for key, value in mapping(call.get("summary")).items()
        if key not in ("usage", "status_counts", "weave")
    }
    return {
        **({"weave.kind": said} if said not in (None, kind) else {}),
        **({"weave.usage": dict(usage)} if len(usage) > 1 else {}),
        **({"weave.summary": summary} if summary else {}),
    }


def _given(call: Record) -> dict[str, Any]:
    """Return what the user said of a call, without Weave's own words."""
    given = mapping(call.get("attributes"))
    return {key: value for key, value in given.items() if key != "weave"}

"""A small request of spans as rows and facts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from collector.otlp.sound_spans import is_sound
from collector.records import OtlpRequest, RequestFacts, Sender
from collector.span_rows import attributes
from collector.span_rows.attributes import LeftToEngine
from collector.span_rows.fields import on_resource
from collector.span_rows.left import leave_to_engine
from collector.span_rows.reading import SentSpan
from collector.span_rows.row import SpanRow
from collector.span_rows.texts import count_or_none

Prices = tuple[float | None, float | None, float | None, str]
"""USD per million tokens in, out, and read from the cache, None for no price; and the
list that they are from."""

PriceOf = Callable[[str, str, int], Prices]
"""Provider, model and start in ns → prices."""


@dataclass(frozen=True)
class Made:
    """What a request holds."""

    rows: list[SpanRow] = field(default_factory=list)
    """Spans to store, in the order of the request."""

    facts: RequestFacts = RequestFacts()
    """How many there were, how many are refused, who sent them."""


def span_rows(request: OtlpRequest, body: bytes, price_of: PriceOf) -> Made:
    """Return the rows of a request's spans, as the engine would write them.

    Args:
        request: Where they come from.
        body: Protobuf, inflated.
        price_of: Tells prices.

    Raises:
        LeftToEngine: only the engine can write one of them, or read the body.
    """
    try:
        sent = ExportTraceServiceRequest.FromString(body)
    except DecodeError as error:
        raise LeftToEngine(str(error)) from None
    made = [
        row
        for resource_spans in sent.resource_spans
        for row in _rows(resource_spans, request, price_of)
    ]
    stored = [row for row, is_stored in made if is_stored]
    if not made:
        return Made()
    facts = RequestFacts(
        n_items=len(made),
        n_rejected=len(made) - len(stored),
        sender=_sender(made[0][0]),
    )
    return Made(stored, facts)


def _rows(
    sent: ResourceSpans, request: OtlpRequest, price_of: PriceOf
) -> Iterator[tuple[SpanRow, bool]]:
    """Yield each span's row and whether it is to be stored."""
    resource = attributes.read(sent.resource.attributes).as_map()
    key_project = request.key_project
    claimed = resource.get("tracer.project", "")
    is_ours = not key_project or claimed in ("", key_project)
    for scope_spans in sent.scope_spans:
        around = {
            "resource": resource,
            "scope_name": scope_spans.scope.name,
            "scope_version": scope_spans.scope.version,
            "digest": request.digest,
            "request_number": request.number,
            "received_at": request.received_ms,
        }
        for span in scope_spans.spans:
            one = SentSpan(span, request.received_ms)
            leave_to_engine(one, scope_name=scope_spans.scope.name)
            row = SpanRow(**around, **_columns(one, resource, key_project, price_of))
            yield row, is_ours and is_sound(span)


def _columns(
    one: SentSpan, resource: dict[str, str], key_project: str, price_of: PriceOf
) -> dict[str, Any]:
    identity, usage = one.identity(), one.usage()
    service = on_resource("service", resource)
    named = service if not service.startswith("unknown_service") else ""
    claimed = on_resource("project", resource) or one.value("project")
    return {
        "project": key_project or claimed or named or "default",
        "service": service,
        "environment": one.value("environment") or on_resource("environment", resource),
        "release": one.value("release") or on_resource("release", resource),
        **_cost(usage, identity["ts"], price_of),
        "events": one.events(),
        "links": one.links(),
        **identity,
        **usage,
        **one.outcome(),
        **one.context(),
        **one.content(),
        **one.maps(),
    }


def _cost(usage: dict[str, Any], start_ns: int, price_of: PriceOf) -> dict[str, Any]:
    """Return what the tokens cost, None if unknown, and by which list it is."""
    unknown = {"cost_usd": None, "cost_source": ""}
    n_in, n_out = usage["input_tokens"], usage["output_tokens"]
    if not usage["usage_counts"] or (n_in is None and n_out is None):
        return unknown
    prices = price_of(usage["provider"], usage["model"], start_ns)
    into, out, from_cache, source = prices
    if into is None:
        return unknown
    n_in = n_in or 0
    n_cached = min(usage["cache_read_tokens"] or 0, n_in)
    saved = n_cached * (into - (into if from_cache is None else from_cache))
    cost_usd = float(n_in * into - saved + (n_out or 0) * (out or 0)) / 1e6
    return {"cost_usd": cost_usd, "cost_source": source}


def _sender(row: SpanRow) -> Sender:
    resource = row.resource
    return Sender(
        instance_id=resource.get("service.instance.id", ""),
        batch=count_or_none(resource.get("tracer.batch", "")) or 0,
        sent_before=count_or_none(resource.get("tracer.sent_before", "")) or 0,
        project=row.project,
        service=row.service,
    )

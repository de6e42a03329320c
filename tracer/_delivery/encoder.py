"""Items from the queue into numbered batches."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from tracer import semconv
from tracer._delivery.otlp.logs import encode_log
from tracer._delivery.otlp.requests import encode_resource_group, encode_scope_group
from tracer._delivery.otlp.spans import encode_span
from tracer._delivery.records import AttributeValue, Batch, Lane, LogRecord
from tracer._guard import guarded

_LOG_SCOPE = InstrumentationScope("tracer")
_FAST = 1  # gzip level; 9 costs three times the CPU

_encoding = guarded("encode a span or log record")


SpanItem: TypeAlias = tuple[ReadableSpan, Mapping[str, bytes]]
"""A finished span and the content kept beside it; callers make one faster so."""


@dataclass(slots=True)
class LogItem:
    """A log record and when it was handed over (nanoseconds since 1970)."""

    record: LogRecord
    observed_ns: int


Item: TypeAlias = SpanItem | LogItem


@dataclass(slots=True)
class _Group:
    resource: Resource | None
    scope: InstrumentationScope | None
    encoded: list[bytes] = field(default_factory=list)


class Encoder:
    """Makes batches and keeps the ledger: their numbers, and what went before each.

    Args:
        resource: Attributes of every request; they win over a span's own resource.
        instance_id: This process in the ledger (``service.instance.id``).
    """

    def __init__(
        self, resource: Mapping[str, AttributeValue], *, instance_id: str
    ) -> None:
        self._resource = resource
        self._instance_id = instance_id
        self.n_batches = 0
        """Batches numbered so far."""
        self.n_items = 0
        """Items in them."""

    def batches(self, items: Sequence[Item]) -> list[Batch]:
        """Encode items, in order, as at most one batch for each lane.

        An item that cannot be encoded is left out: compare the numbers.
        """
        lanes: dict[Lane, dict[tuple[int, int], _Group]] = {"traces": {}, "logs": {}}
        for item in items:
            try:
                if isinstance(item, tuple):
                    span, lane = item[0], lanes["traces"]
                    encoded = encode_span(*item)
                    resource, scope = span.resource, span.instrumentation_scope
                    key = id(resource), id(scope)  # hashing them would cost more
                    if key not in lane:
                        lane[key] = _Group(resource, scope)
                    lane[key].encoded.append(encoded)
                else:
                    encoded = encode_log(item.record, item.observed_ns)
                    lanes["logs"].setdefault((0, 0), _Group(None, _LOG_SCOPE))
                    lanes["logs"][0, 0].encoded.append(encoded)
            except Exception as error:
                if not _encoding.swallow(error):
                    raise
        return [
            self._batch(lane, list(groups.values()))
            for lane, groups in lanes.items()
            if groups
        ]

    def _batch(self, lane: Lane, groups: list[_Group]) -> Batch:
        self.n_batches += 1
        ledger: dict[str, AttributeValue] = {
            semconv.SERVICE_INSTANCE_ID: self._instance_id,
            semconv.BATCH: self.n_batches,
            semconv.SENT_BEFORE: self.n_items,
        }
        request = b"".join(
            [piece for group in groups for piece in self._frame(group, ledger)]
        )
        n_items = sum(len(group.encoded) for group in groups)
        self.n_items += n_items
        return Batch(
            lane=lane,
            body=gzip.compress(request, _FAST, mtime=0),
            n_items=n_items,
            instance_id=self._instance_id,
            number=self.n_batches,
        )

    def _frame(
        self, group: _Group, ledger: Mapping[str, AttributeValue]
    ) -> list[bytes]:
        own = group.resource.attributes if group.resource else {}
        return encode_resource_group(
            {**own, **self._resource, **ledger},
            encode_scope_group(group.scope, group.encoded),
            schema_url=group.resource.schema_url if group.resource else "",
        )

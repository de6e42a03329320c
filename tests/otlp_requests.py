"""OTLP requests for tests, and a way to have them stored without HTTP."""

import itertools
import os
import time
from collections.abc import Mapping
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.otlp.bodies import digest
from collector.prepared import prepare
from collector.records import OtlpRequest, Outcome, Signal
from collector.storage.commit import FEW_BYTES, store_group
from collector.storage.engine import Store
from collector.storage.nodes import define
from collector.storage.prices.book import PriceBook
from collector.storage.writes import ROW_TABLES

START_NS = 1_790_000_000_000_000_000
ON_EITHER_SHARD = (b"\x01" * 16, b"\x03" * 16)
"""Trace ids that lie on different shards of two: a shard without a row has no roll-up
to read, which is an error where a test insists on one."""

_numbers = itertools.count(int.from_bytes(os.urandom(3)) << 24)


def any_value(value: Any) -> AnyValue:
    if isinstance(value, AnyValue):
        return value
    if value is None:
        return AnyValue()
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, bytes):
        return AnyValue(bytes_value=value)
    found = AnyValue()
    if isinstance(value, list):
        found.array_value.SetInParent()
        found.array_value.values.extend(map(any_value, value))
    elif isinstance(value, dict):
        found.kvlist_value.SetInParent()
        found.kvlist_value.values.extend(attributes(value))
    else:
        found.string_value = value
    return found


def attributes(values: Mapping[str, Any]) -> list[KeyValue]:
    return [KeyValue(key=key, value=any_value(value)) for key, value in values.items()]


def span(values: Mapping[str, Any] | None = None, **fields: Any) -> Span:
    """A span of one second with random ids, the attributes given, and these fields."""
    made: dict[str, Any] = {
        "trace_id": os.urandom(16),
        "span_id": os.urandom(8),
        "name": "work",
        "start_time_unix_nano": START_NS,
        "end_time_unix_nano": START_NS + 1_000_000_000,
        "attributes": attributes(values or {}),
    }
    return Span(**(made | fields))


def trace_request(*spans: Span, project: str = "", **resource: Any) -> bytes:
    """The body of a trace request; resource attributes write their dots as `__`."""
    message = ExportTraceServiceRequest()
    resource_spans = message.resource_spans.add()
    resource_spans.resource.attributes.extend(_resource(project, resource))
    resource_spans.scope_spans.add().spans.extend(spans)
    return bytes(message.SerializeToString())


def record(values: Mapping[str, Any], **fields: Any) -> LogRecord:
    made: dict[str, Any] = {
        "time_unix_nano": START_NS,
        "attributes": attributes(values),
    }
    return LogRecord(**(made | fields))


def log_request(*records: LogRecord, project: str = "", **resource: Any) -> bytes:
    message = ExportLogsServiceRequest()
    resource_logs = message.resource_logs.add()
    resource_logs.resource.attributes.extend(_resource(project, resource))
    resource_logs.scope_logs.add().log_records.extend(records)
    return bytes(message.SerializeToString())


def _resource(project: str, values: Mapping[str, Any]) -> list[KeyValue]:
    named = {key.replace("__", "."): value for key, value in values.items()}
    return attributes(({"tracer.project": project} if project else {}) | named)


def otlp_request(
    body: bytes,
    *,
    signal: Signal = "traces",
    is_json: bool = False,
    key_project: str = "",
    received_ms: int | None = None,
) -> OtlpRequest:
    return OtlpRequest(
        number=next(_numbers),
        signal=signal,
        body=body,
        is_json=is_json,
        encoding="identity",
        digest=digest(body, "identity", signal, str(is_json)),
        key_project=key_project,
        received_ms=received_ms or time.time_ns() // 1_000_000,
    )


def put(
    store: Store,
    body: bytes,
    *,
    few_bytes: int | None = None,
    prices: PriceBook | None = None,
    **options: Any,
) -> Outcome:
    """Store one request in this process and return its outcome."""
    prepared = prepare(otlp_request(body, **options), max_bytes=1 << 26)
    if isinstance(prepared, Outcome):
        return prepared
    with store.handle("write") as client:
        few_bytes = FEW_BYTES if few_bytes is None else few_bytes
        stored = store_group(client, [prepared], prices=prices, few_bytes=few_bytes)
    return stored[0][1]


def rows(store: Store, project: str, table: str = "spans") -> list[dict[str, Any]]:
    """All rows of a project, oldest first."""
    statement = f"SELECT * FROM {table} WHERE project = {{project:String}} ORDER BY ts"
    with store.handle("read") as client:
        found = client.query(statement, parameters={"project": project})
    return list(found.named_results())


def forget_rows(store: Store) -> None:
    """Empty the tables that requests fill; not on a server that was here before."""
    if "TRACER_TEST_CLICKHOUSE_URL" in os.environ and not store.is_embedded:
        return
    for table in (*ROW_TABLES, "receipts"):
        define(store, f"TRUNCATE TABLE IF EXISTS {store.holder(table)}")

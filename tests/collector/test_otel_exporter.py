"""Rows of OpenTelemetry Collector's ClickHouse exporter become ordinary spans."""

import datetime
import os
from collections.abc import Iterator
from typing import Any

import pytest
from otlp_requests import put, rows, span, trace_request
from reading import of, page, read

from collector.storage.engine import Store
from collector.storage.intake.views import install_views
from collector.storage.reads.spans import list_spans
from collector.storage.reads.traces import list_traces

pytestmark = pytest.mark.every_store
START = datetime.datetime(2026, 9, 21, 13, 46, 40, tzinfo=datetime.UTC)
CALL = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-x",
    "gen_ai.usage.input_tokens": "12",
    "gen_ai.usage.output_tokens": "3",
    "gen_ai.input.messages": '[{"role":"user","parts":'
    '[{"type":"text","content":"환불"}]}]',
    "session.id": "s1",
    "tracer.metadata.department": "accounting",
}


@pytest.fixture
def exporting(store: Store) -> Iterator[Store]:
    """The store with the exporter's table; without it again afterwards."""
    install_views(store, otel_exporter=True)
    yield store
    install_views(store)


def exported(project: str, **changed: Any) -> dict[str, Any]:
    """A row with the columns that the exporter names in its INSERT, in their order."""
    row = {
        "Timestamp": START,
        "TraceId": os.urandom(16).hex(),
        "SpanId": os.urandom(8).hex(),
        "ParentSpanId": "",
        "TraceState": "",
        "SpanName": "chat gpt-x",
        "SpanKind": "Client",
        "ServiceName": "shop",
        "ResourceAttributes": {"service.name": "shop", "tracer.project": project},
        "ScopeName": "my.library",
        "ScopeVersion": "1.2",
        "SpanAttributes": CALL,
        "Duration": 1_500_000_000,
        "StatusCode": "Unset",
        "StatusMessage": "",
        "Events.Timestamp": [START],
        "Events.Name": ["exception"],
        "Events.Attributes": [{"exception.type": "Timeout", "exception.message": "no"}],
        "Links.TraceId": [],
        "Links.SpanId": [],
        "Links.TraceState": [],
        "Links.Attributes": [],
    }
    return row | changed


def export(store: Store, *sent: dict[str, Any]) -> None:
    with store.handle("write") as client:
        values = [list(row.values()) for row in sent]
        client.insert("otel_traces", values, column_names=list(sent[0]))


def test_an_exported_call_is_listed_with_kind_model_and_usage(
    exporting: Store, project: str
) -> None:
    sent = exported(project)
    export(exporting, sent)
    (row,), _ = read(exporting, list_traces, of(project), page())
    assert (row["trace_id"], row["name"]) == (sent["TraceId"], "chat gpt-x")
    (row,), _ = read(exporting, list_spans, of(project), page())
    assert (row["kind"], row["provider"], row["model"]) == ("llm", "openai", "gpt-x")
    assert (row["input_tokens"], row["output_tokens"]) == (12, 3)
    assert (row["span_kind"], row["service"], row["scope"]) == (
        "client",
        "shop",
        "my.library",
    )
    assert row["duration_ms"] == 1500
    assert row["input_preview"] == "환불"
    assert row["session_id"] == "s1"
    assert row["metadata"] == {"department": "accounting"}


@pytest.mark.parametrize("code", ["Error", "STATUS_CODE_ERROR"])
def test_a_failed_span_is_an_error_with_its_exception(
    exporting: Store, project: str, code: str
) -> None:
    failed = exported(project, StatusCode=code, SpanKind="SPAN_KIND_SERVER")
    child = exported(project, ParentSpanId=failed["SpanId"], TraceId=failed["TraceId"])
    export(exporting, failed, child)
    found = {row["parent_span_id"]: row for row in rows(exporting, project)}
    one = found[bytes(8)]
    assert (one["status"], one["status_message"]) == ("error", "no")
    assert (one["error_type"], one["span_kind"]) == ("Timeout", "server")
    assert found[bytes.fromhex(failed["SpanId"])]["is_entry"] is False


def test_an_exported_span_is_normalised_as_one_sent_by_otlp(
    exporting: Store, project: str
) -> None:
    """All but what the exporter leaves out: the types of values, and when it came."""
    sent = exported(project)
    export(exporting, sent)
    same = span(
        CALL,
        trace_id=bytes.fromhex(sent["TraceId"]),
        span_id=bytes.fromhex(sent["SpanId"]),
        name=sent["SpanName"],
        kind=3,
        start_time_unix_nano=int(START.timestamp()) * 10**9,
        end_time_unix_nano=int(START.timestamp()) * 10**9 + sent["Duration"],
    )
    put(exporting, trace_request(same, project=project, service__name="shop"))
    one, other = rows(exporting, project)
    ours = {"digest", "received_at", "request_number", "resource"}
    ours |= {"scope_name", "scope_version", "events"}
    assert {k: v for k, v in one.items() if k not in ours} == {
        k: v for k, v in other.items() if k not in ours
    }


def test_without_the_setting_there_is_no_such_table(store: Store) -> None:
    install_views(store, otel_exporter=True)
    install_views(store)
    with store.handle("read") as client:
        assert client.command("EXISTS TABLE otel_traces") == 0

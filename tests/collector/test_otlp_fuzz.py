"""Any bytes, any values: nothing but a documented answer, the same on both ways."""

import itertools
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_requests import (
    attributes,
    log_request,
    otlp_request,
    put,
    record,
    rows,
    span,
    trace_request,
)
from otlp_strategies import (
    FLAT_VALUES,
    TEXT,
    VALUES,
    comparable,
    damaged,
    otlp_json,
    spans,
)

from collector.config import Settings
from collector.prepared import prepare
from collector.records import OtlpRequest, Outcome, StoredSignal
from collector.storage.engine import Store
from collector.writer import Writer

TIMES = int(os.environ.get("TRACER_TEST_FUZZ_TIMES", "1"))
"""How often more each search tries; `tests/soak` sets it."""

_numbers = itertools.count()
SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def searching(n: int) -> settings:
    """Try so many; what fails is not made smaller, which takes the engine minutes."""
    return settings(
        max_examples=n * TIMES,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=SHARED,
    )


def fresh() -> str:
    return f"fuzz-{os.getpid()}-{next(_numbers)}"


REQUESTS = st.lists(spans(), max_size=2).map(lambda some: trace_request(*some))
LOGS = st.dictionaries(TEXT, VALUES, max_size=3).map(
    lambda values: log_request(record(values))
)
DAMAGED = st.one_of(REQUESTS, LOGS).flatmap(damaged)


@searching(150)
@given(DAMAGED, st.sampled_from(["traces", "logs"]), st.booleans())
def test_any_bytes_are_prepared_or_refused(
    body: bytes, signal: StoredSignal, is_json: bool
) -> None:
    request = otlp_request(body, signal=signal, is_json=is_json)
    prepared = prepare(request, max_bytes=1 << 20)
    if isinstance(prepared, Outcome):
        assert (prepared.status, bool(prepared.message)) == (400, True)


DIFFERENT = st.lists(
    spans(), min_size=1, max_size=10, unique_by=lambda one: (one.trace_id, one.span_id)
)
"""Spans of ids of their own: rows are compared in the order of their ids."""


def json_of(body: bytes) -> bytes:
    return otlp_json(ExportTraceServiceRequest.FromString(body))


DAMAGED_JSON = REQUESTS.map(json_of).flatmap(damaged)
SIGNALS = st.sampled_from(["traces", "logs"])
DAMAGED_REQUESTS = st.one_of(
    st.builds(otlp_request, DAMAGED, signal=SIGNALS),
    st.builds(otlp_request, DAMAGED_JSON, signal=SIGNALS, is_json=st.just(True)),
)


@searching(150)
@given(DAMAGED_JSON)
def test_any_text_is_prepared_or_refused(body: bytes) -> None:
    prepared = prepare(otlp_request(body, is_json=True), max_bytes=1 << 20)
    if isinstance(prepared, Outcome):
        assert (prepared.status, bool(prepared.message)) == (400, True)


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    running = Writer(store, Settings(writers=1, linger_ms=5))
    running.start()
    yield running
    running.close()


def outcomes(writer: Writer, requests: list[OtlpRequest]) -> list[Outcome]:
    waiting = [writer.offer(request) for request in requests]
    return [pending.outcome.result(timeout=120) for pending in waiting]


@searching(4)
@given(bad=st.lists(DAMAGED_REQUESTS, min_size=1, max_size=8))
def test_damaged_requests_harm_no_neighbour(
    store: Store, writer: Writer, bad: list[OtlpRequest]
) -> None:
    project = fresh()
    good = [otlp_request(trace_request(span(), project=project)) for _ in range(2)]
    first, *found, last = outcomes(writer, [good[0], *bad, good[1]])
    assert (first.status, first.n_rejected, last.status) == (200, 0, 200)
    assert {outcome.status for outcome in found} <= {200, 400}
    assert len(rows(store, project)) == 2


@searching(3)
@given(sent=DIFFERENT)
def test_both_encodings_of_a_request_give_the_same_rows(
    store: Store, sent: list[Span]
) -> None:
    """Protobuf by the engine and JSON by Python, so that both ways are compared too."""
    project = fresh()
    message = ExportTraceServiceRequest.FromString(
        trace_request(*sent, project=project)
    )
    first = put(store, message.SerializeToString(), few_bytes=0)
    told = otlp_json(message).replace(project.encode(), f"{project}-json".encode())
    second = put(store, told, is_json=True)
    assert (first.n_items, first.n_rejected) == (second.n_items, second.n_rejected)
    assert first.n_rejected == 0
    assert stored(store, project) == stored(store, f"{project}-json")


@searching(3)
@given(sent=st.lists(spans(FLAT_VALUES), min_size=1, max_size=10))
def test_a_nested_value_changes_nothing_beside_it(
    store: Store, sent: list[Span]
) -> None:
    project = fresh()
    put(store, trace_request(*sent, project=project), few_bytes=0)
    for one in sent:
        one.attributes.extend(attributes({"nested": {"a": 1}}))
    put(store, trace_request(*sent, project=f"{project}-nested"), few_bytes=0)
    rewritten = stored(store, f"{project}-nested")
    for row in rewritten:
        assert row["attributes"].pop("nested") == '{"a":1}'
        assert row["attribute_types"].pop("nested") == "json"
    assert stored(store, project) == rewritten


@searching(3)
@given(values=st.lists(VALUES, min_size=1, max_size=40))
def test_a_value_is_the_same_text_on_spans_and_on_log_records(
    store: Store, values: list[Any]
) -> None:
    project = fresh()
    named = {f"x{place}": value for place, value in enumerate(values)}
    put(store, trace_request(span(named), project=project), few_bytes=0)
    put(store, log_request(record(named), project=project), signal="logs")
    (on_span,), (on_record,) = rows(store, project), rows(store, project, "events")
    assert on_span["attribute_types"] == on_record["attribute_types"]
    assert on_span["attributes"].keys() == on_record["attributes"].keys()
    for key, text in on_span["attributes"].items():
        kind = on_span["attribute_types"].get(key, "")
        other = on_record["attributes"][key]
        if kind in ("json", "array"):
            assert repr(json.loads(text)) == repr(json.loads(other))
        else:
            assert text == other


def stored(store: Store, project: str) -> list[dict[str, Any]]:
    """All rows of a project, in an order of their own."""
    found = [comparable(row) for row in rows(store, project)]
    return sorted(found, key=lambda row: (row["trace_id"], row["span_id"]))

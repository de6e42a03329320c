"""Spans go to an exporter of the user's, content and scores included, all counted."""

import asyncio
import io
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import (
    ConsoleSpanExporter,
    SpanExporter,
    SpanExportResult,
)
from otlp_sink import OtlpSink, parsed, plain

from tracer import _guard
from tracer._delivery import Delivery, LogRecord, Pace
from tracer._delivery.exporters import MOST_TRIES
from tracer.errors import ConfigurationError

MakeSpan = Callable[..., ReadableSpan]
MakeDelivery = Callable[..., Delivery]

PATIENT = Pace(backoff_first_s=60, look_s=60)
SCORE = LogRecord(
    event_name="gen_ai.evaluation.result",
    time_ns=1_700_000_000_000_000_000,
    trace_id=7,
    span_id=8,
    attributes={
        "gen_ai.evaluation.name": "helpful",
        "gen_ai.evaluation.score.value": 1.0,
        "tracer.score.author": None,
    },
)
STARTED = LogRecord(event_name="tracer.evaluation.started", time_ns=1, attributes={})


class Recording(SpanExporter):
    """Keeps what it is given; answers what it is told, success when nothing is left."""

    def __init__(self, *answers: SpanExportResult | BaseException) -> None:
        self.spans: list[ReadableSpan] = []
        self.answers = list(answers)
        self.gate = threading.Event()
        self.gate.set()
        self.n_shutdowns = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        assert self.gate.wait(20)
        answer = self.answers.pop(0) if self.answers else SpanExportResult.SUCCESS
        if isinstance(answer, BaseException):
            raise answer
        if answer is SpanExportResult.SUCCESS:
            self.spans += spans
        return answer

    def shutdown(self) -> None:
        self.n_shutdowns += 1


FAILURE = SpanExportResult.FAILURE


@pytest.fixture
def not_strict(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("TRACER_STRICT")
    _guard.forget()
    return


def test_the_stock_exporter_sends_spans_with_content_to_any_backend(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    exporter = OTLPSpanExporter(f"{sink.url}/v1/traces")
    delivery = make_delivery(endpoint="http://127.0.0.1:1", exporter=exporter)
    span = make_span("answer", attributes={"tracer.kind": "chain"})
    delivery.offer_span(span, {"tracer.input": b'"hello"'})
    report = delivery.flush(10)
    assert (report.sent, report.pending, report.dropped) == (1, 0, 0)
    request = parsed(ExportTraceServiceRequest, sink.accepted[0].body)
    (resource,) = request.resource_spans
    assert plain(resource.resource.attributes) == {
        "service.name": "app",
        "tracer.project": "shop",
    }
    (sent,) = resource.scope_spans[0].spans
    assert sent.name == "answer"
    assert plain(sent.attributes) == {
        "tracer.kind": "chain",
        "tracer.input": '"hello"',
    }
    assert dict(span.attributes or {}) == {"tracer.kind": "chain"}


def test_scores_go_to_a_log_exporter_as_log_records(
    sink: OtlpSink, make_delivery: MakeDelivery
) -> None:
    delivery = make_delivery(
        exporter=Recording(), log_exporter=OTLPLogExporter(f"{sink.url}/v1/logs")
    )
    delivery.offer_log(SCORE)
    delivery.offer_log(STARTED)
    assert delivery.flush(10).sent == 2
    request = parsed(ExportLogsServiceRequest, sink.accepted[0].body)
    (resource,) = request.resource_logs
    score, started = resource.scope_logs[0].log_records
    assert plain(resource.resource.attributes) == {"tracer.project": "shop"}
    assert (score.event_name, score.span_id) == (SCORE.event_name, b"\0" * 7 + b"\x08")
    assert plain(score.attributes) == {
        "gen_ai.evaluation.name": "helpful",
        "gen_ai.evaluation.score.value": 1.0,
    }
    assert started.event_name == "tracer.evaluation.started"


def test_without_a_log_exporter_a_score_is_a_span_below_what_it_judges(
    make_delivery: MakeDelivery,
) -> None:
    exporter = Recording()
    delivery = make_delivery(exporter=exporter)
    delivery.offer_log(SCORE)
    assert delivery.flush(10).sent == 1
    (span,) = exporter.spans
    assert span.name == "score helpful"
    assert span.context and span.context.trace_id == 7
    assert span.parent and (span.parent.trace_id, span.parent.span_id) == (7, 8)
    assert [link.context.span_id for link in span.links] == [8]
    assert span.start_time == span.end_time == SCORE.time_ns
    assert dict(span.attributes or {}) == {
        "tracer.kind": "evaluator",
        "gen_ai.evaluation.name": "helpful",
        "gen_ai.evaluation.score.value": 1.0,
    }


def test_signs_of_life_of_runs_are_counted_where_no_exporter_takes_them(
    make_delivery: MakeDelivery,
) -> None:
    delivery = make_delivery(exporter=Recording())
    delivery.offer_log(STARTED)
    report = delivery.flush(10)
    assert (report.sent, report.dropped) == (0, 1)
    assert report.errors == (
        "1 dropped: events of evaluation runs need a log_exporter",
    )


def test_the_console_exporter_prints_every_span(
    make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    out = io.StringIO()
    exporter = ConsoleSpanExporter(out=out, formatter=lambda span: span.to_json(None))
    delivery = make_delivery(exporter=exporter)
    delivery.offer_span(make_span("answer"), {"tracer.output": '"안녕"'.encode()})
    delivery.offer_log(SCORE)
    assert delivery.shutdown(10).sent == 2
    answer, score = io.StringIO(out.getvalue().replace("}{", "}\n{")).readlines()
    assert json.loads(answer)["attributes"] == {"tracer.output": '"안녕"'}
    assert json.loads(score)["name"] == "score helpful"


@pytest.mark.parametrize("trouble", [FAILURE, RuntimeError("no")])
def test_what_an_exporter_does_not_take_is_tried_again(
    not_strict: None, make_delivery: MakeDelivery, make_span: MakeSpan, trouble: Any
) -> None:
    exporter = Recording(trouble, trouble)
    delivery = make_delivery(exporter=exporter)
    delivery.offer_span(make_span(), {})
    while (report := delivery.flush(10)).pending:
        pass
    assert (report.sent, report.dropped, report.errors) == (1, 0, ())
    assert len(exporter.spans) == 1


def test_an_exporter_that_always_fails_costs_its_batch_and_not_the_next(
    make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    exporter = Recording(*[FAILURE] * MOST_TRIES)
    delivery = make_delivery(exporter=exporter)
    delivery.offer_span(make_span("lost"), {})
    while delivery.flush(10).pending:
        pass
    delivery.offer_span(make_span("next"), {})
    report = delivery.flush(10)
    assert (report.sent, report.dropped) == (1, 1)
    assert report.errors == ("1 dropped: the exporter answers FAILURE, 6 times",)
    assert [span.name for span in exporter.spans] == ["next"]


def test_an_exporter_that_wants_to_exit_does_not_end_delivery(
    make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    exporter = Recording(SystemExit(1), asyncio.CancelledError())
    delivery = make_delivery(exporter=exporter)
    delivery.offer_span(make_span("taken in the end"), {})
    while delivery.flush(10).pending:
        pass
    assert [span.name for span in exporter.spans] == ["taken in the end"]


def test_what_an_exporter_has_not_taken_at_the_end_is_counted(
    make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    delivery = make_delivery(exporter=Recording(*[FAILURE] * 99), pace=PATIENT)
    delivery.offer_span(make_span(), {})
    report = delivery.shutdown(10)
    assert (report.sent, report.dropped, report.pending) == (0, 1, 0)
    assert "neither sent nor kept" in report.errors[0]


def test_an_exporter_that_hangs_harms_nobody(
    make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    exporter = Recording()
    exporter.gate.clear()
    delivery = make_delivery(exporter=exporter, flush_after_s=0.001)
    delivery.offer_span(make_span(), {})
    assert delivery.flush(0.01).pending == 1
    delivery.offer_span(make_span(), {})
    report = delivery.shutdown(0.01)
    assert (report.sent, report.dropped, report.pending) == (0, 2, 0)
    exporter.gate.set()


def test_an_exporter_is_shut_down_once_and_only_by_the_last_who_uses_it(
    make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    exporter = Recording()
    before, after = (make_delivery(exporter=exporter) for _ in range(2))
    for delivery in (before, after):
        delivery.offer_span(make_span(), {})
    before.shutdown(10)
    assert exporter.n_shutdowns == 0
    after.shutdown(10)
    assert exporter.n_shutdowns == 1


def test_a_function_that_makes_the_exporter_is_called_when_it_is_needed(
    make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    made: list[Recording] = []

    def make() -> Recording:
        made.append(Recording())
        return made[-1]

    delivery = make_delivery(exporter=make)
    assert delivery.flush(10).sent == len(made) == 0
    for _ in range(2):
        delivery.offer_span(make_span(), {})
        delivery.flush(10)
    (exporter,) = made
    assert len(exporter.spans) == 2


def test_what_is_no_exporter_is_refused_at_once(make_delivery: MakeDelivery) -> None:
    with pytest.raises(ConfigurationError, match="'int' has no export"):
        make_delivery(exporter=3)
    with pytest.raises(ConfigurationError, match="give both"):
        make_delivery(log_exporter=Recording())

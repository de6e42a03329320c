"""What was found, into the collector: datasets by its API, the rest by OTLP."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, Status, StatusCode, TraceFlags

from tracer import _runtime, semconv
from tracer._capture.attributes import kind_attributes, metadata_attributes
from tracer._delivery.sizes import log_bytes, span_bytes
from tracer._setup import delivery_to, ensure_configured
from tracer._values.text import clean_text
from tracer.errors import CollectorError, NotFoundError
from tracer.evaluation._outcome_records import outcome_record
from tracer.evaluation._run import Run
from tracer.evaluation.dataset import Dataset
from tracer.importers._found import (
    Found,
    ImportedPrediction,
    ImportedRun,
    ImportedScore,
    ImportedSpan,
)
from tracer.importers._news import news

if TYPE_CHECKING:
    from tracer._delivery import LogRecord
    from tracer._runtime import Deliverer
    from tracer.client import Client

SCOPE: Final = InstrumentationScope("tracer.importers")
RESOURCE: Final = Resource({})
"""One for all: delivery frames the spans of one resource together."""

FLUSH_BYTES: Final = 8 << 20
FLUSH_TIMEOUT_S: Final = 60.0

Item = tuple[ReadableSpan, dict[str, bytes]]
Progress = Callable[[int, int, str], None]
"""Called with how much is stored, of how much, and what."""


@dataclass(frozen=True)
class Saved:
    """What was stored."""

    datasets: dict[str, str] = field(default_factory=dict)
    """Version of each dataset, by name."""

    unchanged: tuple[str, ...] = ()
    """Datasets whose newest version was this one already, and ids of such runs."""

    n_unchanged_traces: int = 0
    """Traces that were stored just so already, and were not sent again."""

    n_sent: int = 0
    """Spans, scores and events of runs that the collector has accepted."""


def save(
    found: Found,
    *,
    project: str,
    client: "Client | None" = None,
    progress: Progress = lambda done, total, what: None,
) -> Saved:
    """Store what was found; the same a second time changes nothing.

    Secrets are taken out as in everything that is recorded.

    Args:
        found: What an importer read.
        project: Where it belongs.
        client: Of the collector; else ``Client()``.
        progress: Told how far it is.

    Raises:
        CollectorError: The collector is away or refused; saving again goes on safely.
    """
    if client is None:
        from tracer.client import Client as Made

        client = Made()
    ensure_configured()  # for the rules of redaction
    versions: dict[str, str] = {}
    unchanged: list[str] = []
    new = news(found, client, project)
    total = len(found.datasets) + _n_items(new.found)
    for number, dataset in enumerate(found.datasets):
        progress(number, total, f"dataset {dataset.name}")
        versions[dataset.name], is_new = _save_dataset(client, dataset, found, project)
        unchanged += [] if is_new else [dataset.name]
    api = client._api
    sender = _Sender(delivery_to(api.endpoint, api.api_key or None, project))
    done = len(found.datasets)
    for what, item in _items(new.found, _ends(found)):
        sender.send(item)
        done += 1
        progress(done, total, what)
    sender.end()
    return Saved(
        versions, (*unchanged, *new.same_runs), new.n_same_traces, sender.n_sent
    )


def _save_dataset(
    client: "Client", dataset: Dataset, found: Found, project: str
) -> tuple[str, bool]:
    try:
        newest = client.dataset(dataset.name, project=project).version
    except NotFoundError:
        newest = ""
    if newest == dataset.version:
        return newest, False
    note = f"imported from {found.system}"
    row = client.save_dataset(dataset.name, dataset.rows, project=project, note=note)
    return str(row["version"]), True


class _Sender:
    """Hands items to delivery, and waits for it before they fill its queue."""

    def __init__(self, delivery: "Deliverer") -> None:
        self._delivery = delivery
        self._most_bytes = min(
            FLUSH_BYTES, _runtime.state.settings.max_queue_bytes // 4
        )
        self._waiting_bytes = 0
        self.n_sent = 0

    def send(self, item: "Item | LogRecord") -> None:
        if isinstance(item, tuple):
            self._delivery.offer_span(*item)
            self._waiting_bytes += span_bytes(*item)
        else:
            self._delivery.offer_log(item)
            self._waiting_bytes += log_bytes(item)
        if self._waiting_bytes >= self._most_bytes:
            self._wait()

    def end(self) -> None:
        self._wait()
        self._delivery.shutdown(FLUSH_TIMEOUT_S)

    def _wait(self) -> None:
        report = self._delivery.flush(FLUSH_TIMEOUT_S)
        self._waiting_bytes = 0
        self.n_sent = report.sent
        if report.pending or report.dropped or report.spooled:
            self._delivery.shutdown(0)
            raise CollectorError(
                f"not everything was stored: {report}",
                hint="see that the collector answers, then import again",
            )


def _n_items(found: Found) -> int:
    return sum(1 for _ in _things(found))


def _things(found: Found) -> Iterator[Any]:
    """Yield what will be sent, without making it."""
    yield from found.spans
    yield from found.scores
    for run in found.runs:
        yield from (run, run)
        for one in run.predictions:
            yield from (one.root, *one.below, *one.scores)


def _ends(found: Found) -> dict[str, int]:
    """Return when each trace ended: the time of a score that names none."""
    ends: dict[str, int] = {}
    for span in found.spans:
        ends[span.trace_id] = max(span.end_ns, ends.get(span.trace_id, 0))
    return ends


def _items(
    found: Found, ends: Mapping[str, int]
) -> "Iterator[tuple[str, Item | LogRecord]]":
    """Yield what is sent: traces, then runs, each with its beginning and its end."""
    for span in found.spans:
        yield "traces", _span(span, {})
    for score in found.scores:
        at_ns = ends.get(score.trace_id or "") if score.time_ns is None else None
        yield "traces", _score(score, time_ns=at_ns or score.time_ns)
    for run in found.runs:
        record = _run(run)
        yield run.display_name, record.started(time_ns=run.start_ns)
        for prediction in run.predictions:
            for item in _prediction(run, prediction):
                yield run.display_name, item
        end_ns = max(run.end_ns, run.start_ns)
        yield (
            run.display_name,
            record.finished(run.status, error=run.error, time_ns=end_ns),
        )


def _run(run: ImportedRun) -> Run:
    names = (s.name for one in run.predictions for s in one.scores)
    return Run(
        id=run.id,
        name=run.name,
        display_name=run.display_name,
        model=run.model,
        dataset=run.dataset,
        dataset_version=run.dataset_version,
        scorers=tuple(dict.fromkeys(names)),
        n_planned=len(run.predictions),
        metadata=run.metadata,
    )


def _prediction(
    run: ImportedRun, prediction: ImportedPrediction
) -> "Iterator[Item | LogRecord]":
    place = {
        semconv.EVALUATION_ID: run.id,
        semconv.EXAMPLE_ID: prediction.example_id,
        semconv.TRIAL: prediction.trial,
    }
    root = prediction.root
    yield _span(root, place)
    for span in prediction.below:
        yield _span(span, place)
    for score in prediction.scores:
        yield _score(
            score,
            trace_id=root.trace_id,
            span_id=root.span_id,
            evaluation_id=run.id,
            example_id=prediction.example_id,
            trial=prediction.trial,
            time_ns=root.end_ns if score.time_ns is None else score.time_ns,
        )


def _score(score: ImportedScore, **where: Any) -> "LogRecord":
    said: dict[str, Any] = {"trace_id": score.trace_id, "span_id": score.span_id}
    said |= {"source": score.source, "author": score.author} | where
    return outcome_record(score.name, score.outcome, **said)


def _span(span: ImportedSpan, place: Mapping[str, Any]) -> Item:
    settings, redactor = _runtime.state.settings, _runtime.state.redactor
    content = {
        key: redactor.encoded(value, settings.max_value_bytes)
        for key, value in span.content.items()
        if value is not None
    }
    attributes = {
        **kind_attributes(span.kind, span.name),
        **{key: v for key, v in span.attributes.items() if v is not None},
        **metadata_attributes(span.metadata),
        **place,
    }
    failed = None
    if span.error is not None:
        failed = redactor.text(clean_text(span.error))
        attributes.setdefault(semconv.ERROR_TYPE, "_OTHER")
    status = Status(StatusCode.ERROR, failed) if failed is not None else Status()
    made = ReadableSpan(
        name=redactor.label(clean_text(span.name)),
        context=_context(span.trace_id, span.span_id),
        parent=_context(span.trace_id, span.parent_span_id),
        resource=RESOURCE,
        attributes=attributes,
        status=status,
        start_time=span.start_ns,
        end_time=max(span.start_ns, span.end_ns),
        instrumentation_scope=SCOPE,
    )
    return made, content


def _context(trace_id: str, span_id: str | None) -> SpanContext | None:
    if span_id is None:
        return None
    flags = TraceFlags(TraceFlags.SAMPLED)
    return SpanContext(int(trace_id, 16), int(span_id, 16), False, flags)

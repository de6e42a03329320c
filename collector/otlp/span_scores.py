"""Scores that senders write on spans: events of the conventions, indexed attributes."""

import re
from collections.abc import Iterator, Mapping

import orjson
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.metadata import metadata_texts
from collector.otlp.log_rows import Sent, score_row
from collector.otlp.logs import project_of
from collector.otlp.sound_spans import sound_spans
from collector.otlp.values import text_and_type, texts_and_types
from collector.records import LAST_NS, OtlpRequest, ScoreRow
from tracer import semconv

_MARKS = (b".evaluation.name", b".annotation.name")
"""Bodies without these words hold no score, and are not read here."""

_INDEXED = re.compile(
    r"(?P<target>trace\.|session\.)?(?P<list>(?:annotation|evaluation)s\.\d+)"
    r"\.(?:annotation|evaluation)\.(?P<field>\w+)"
)
_SOURCES = {"HUMAN": "human", "LLM": "model", "CODE": "code"}
_KEYS = {
    "name": semconv.SCORE_NAME,
    "score": semconv.SCORE_VALUE,
    "label": semconv.SCORE_LABEL,
    "explanation": semconv.SCORE_EXPLANATION,
    "identifier": semconv.SCORE_AUTHOR,
}
"""What OpenInference calls the parts of a score → what we do."""

Texts = dict[str, str]


def span_scores(body: bytes, request: OtlpRequest) -> list[ScoreRow]:
    """Return the scores within a trace request; what is no score is left where it is.

    Args:
        body: protobuf, inflated.
        request: where it comes from.
    """
    if not any(mark in body for mark in _MARKS):
        return []
    return list(_rows(body, request))


def _rows(body: bytes, request: OtlpRequest) -> Iterator[ScoreRow]:
    for span, resource in sound_spans(body, request):
        for sent in _sent(span, resource, request):
            try:
                yield score_row(sent)
            except ValueError:
                continue


def _sent(
    span: Span, resource: Mapping[str, str], request: OtlpRequest
) -> Iterator[Sent]:
    """Yield each score as if it had come in a log record."""
    texts, _ = texts_and_types(span.attributes)
    project = request.key_project or project_of(resource, texts)
    for event in span.events:
        if event.name == semconv.EVENT_SCORE:
            found, types = texts_and_types(event.attributes)
            time_ns = event.time_unix_nano or span.end_time_unix_nano
            place = (span.trace_id, span.span_id)
            yield _record(project, request, time_ns, place, found, types)
    for place, found, types in _indexed(span):
        time_ns = span.end_time_unix_nano
        yield _record(project, request, time_ns, place, found, types)


def _indexed(span: Span) -> Iterator[tuple[tuple[bytes, bytes], Texts, Texts]]:
    """Yield target, texts and types of each score in indexed attributes."""
    values: dict[tuple[str, str], dict[str, AnyValue]] = {}
    for attribute in span.attributes:
        if match := _INDEXED.fullmatch(attribute.key):
            which = (match["target"] or "", match["list"])
            values.setdefault(which, {})[match["field"]] = attribute.value
    for (target, _), found in values.items():
        texts, types = _as_ours(found)
        yield _target(span, target), texts, types


def _as_ours(found: Mapping[str, AnyValue]) -> tuple[Texts, Texts]:
    """Return texts and types of a score by our names."""
    texts: Texts = {}
    types: Texts = {}
    for name, value in found.items():
        text, kind = text_and_type(value)
        if name in _KEYS:
            texts[_KEYS[name]] = text
            types |= {_KEYS[name]: kind} if kind else {}
        elif name == "annotator_kind":
            texts[semconv.SCORE_SOURCE] = _SOURCES.get(text.upper(), "code")
        elif name == "metadata":
            facts, kinds = _metadata(text)
            texts, types = texts | facts, types | kinds
    return texts, types


def _metadata(text: str) -> tuple[Texts, Texts]:
    """Return texts and types of a JSON object's members; of anything else none."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}, {}
    texts, types = metadata_texts(found if isinstance(found, dict) else {})
    return {semconv.METADATA_PREFIX + key: told for key, told in texts.items()}, types


def _target(span: Span, target: str) -> tuple[bytes, bytes]:
    """Return trace and span that are judged; the whole trace has no span.

    A judge that came later is a span of its own with one link, to what it judged.
    """
    if len(span.links) == 1 and not span.parent_span_id:
        [link] = span.links
        trace_id, span_id = link.trace_id, link.span_id
        if len(trace_id) == 16 and len(span_id) == 8:
            return trace_id, b"" if target else span_id
    return span.trace_id, b"" if target else span.span_id


def _record(
    project: str,
    request: OtlpRequest,
    time_ns: int,
    place: tuple[bytes, bytes],
    texts: Texts,
    types: Texts,
) -> Sent:
    moment_ns = min(time_ns or request.received_ms * 1_000_000, LAST_NS)
    return Sent(
        project=project,
        claims_other_project=False,
        event_name=semconv.EVENT_SCORE,
        time_ns=moment_ns,
        observed_ns=moment_ns,
        trace_id=place[0],
        span_id=place[1],
        severity="",
        body=AnyValue(),
        texts=texts,
        types=types,
        digest=request.digest,
        received_ms=request.received_ms,
        request_number=request.number,
    )

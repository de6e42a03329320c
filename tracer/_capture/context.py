"""What follows the context: user, session, tags, metadata, evaluation."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import Token
from types import MappingProxyType, TracebackType
from typing import Any, Final

from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace import Span as SdkSpan
from opentelemetry.trace import TraceFlags
from opentelemetry.util.types import AttributeValue

from tracer import _runtime, semconv
from tracer._capture import baggage as _baggage
from tracer._capture import content as _content
from tracer._capture import twins as _twins
from tracer._capture.attributes import metadata_attributes, unique_tags
from tracer._capture.current import detach
from tracer._capture.exceptions import completed
from tracer._guard import guarded
from tracer._values.text import clean_text

_FIELDS_KEY = otel_context.create_key("tracer-fields")
_SAMPLED: Final = TraceFlags.SAMPLED
_NOTHING: Final[Mapping[str, AttributeValue]] = MappingProxyType({})

_COLLECTING = guarded("read what using says")
_STAMPING = guarded("stamp a span with its context")
_OFFERING = guarded("hand a span to delivery")


def using(
    *,
    user_id: str | None = None,
    session_id: str | None = None,
    tags: Sequence[str] = (),
    metadata: Mapping[str, Any] | None = None,
    environment: str | None = None,
    release: str | None = None,
    prompt_name: str | None = None,
    prompt_version: str | None = None,
    baggage: bool = False,
) -> AbstractContextManager[None]:
    """Say of every span within the block whom and what it is for.

    Spans of other libraries carry it too. Blocks nest: an inner one adds tags, and its
    word holds where both say something. It follows ``async`` tasks by itself; for the
    threads of an executor see `in_context`.

    Args:
        user_id: Whoever asks; ``user.id``.
        session_id: The conversation; ``session.id``.
        tags: Labels; a span's own tags come first.
        metadata: Facts to filter by; scalars keep their type, others become JSON.
        environment: Instead of the process's own: production, staging …
        release: Instead of the process's own: the version that answers.
        prompt_name: The prompt that is used; ``gen_ai.prompt.name``.
        prompt_version: Its version; ``gen_ai.prompt.version``.
        baggage: Also tell the services called from here, by W3C baggage; they read it
            if they accept it (``configure(accept_baggage=True)``). It travels in HTTP
            headers, to whomever is called.
    """
    texts = {
        semconv.USER_ID: user_id,
        semconv.SESSION_ID: session_id,
        semconv.ENVIRONMENT: environment,
        semconv.RELEASE: release,
        semconv.PROMPT_NAME: prompt_name,
        semconv.PROMPT_VERSION: prompt_version,
    }
    fields: dict[str, AttributeValue] = {}
    with _COLLECTING:
        label = _runtime.state.redactor.label
        for key, value in texts.items():
            if value is not None:
                fields[key] = label(clean_text(str(value)))
        if tags:
            fields[semconv.TAGS] = unique_tags(tags)
        fields |= metadata_attributes(metadata or {})
    return _Fields(fields, baggage=baggage)


def using_evaluation(
    evaluation_id: str, example_id: str, trial: int
) -> AbstractContextManager[None]:
    """Say of every span within the block which prediction it belongs to."""
    return _Fields(
        {
            semconv.EVALUATION_ID: evaluation_id,
            semconv.EXAMPLE_ID: example_id,
            semconv.TRIAL: trial,
        }
    )


def context_fields(context: Context | None = None) -> Mapping[str, AttributeValue]:
    """Return what `using` says here, as attributes."""
    found = otel_context.get_value(_FIELDS_KEY, context)
    return _NOTHING if found is None else found  # type: ignore[return-value]  # ours


class _Fields:
    """One block of `using`; may be entered again, also by several tasks in turn."""

    __slots__ = ("_baggage", "_fields", "_tokens")

    def __init__(
        self, fields: Mapping[str, AttributeValue], *, baggage: bool = False
    ) -> None:
        self._fields = fields
        self._baggage = baggage
        self._tokens: list[Token[Context]] = []

    def __enter__(self) -> None:
        fields = _joined(context_fields(), self._fields)
        context = otel_context.set_value(_FIELDS_KEY, MappingProxyType(fields))
        if self._baggage:
            context = _baggage.with_fields(fields, context)
        self._tokens.append(otel_context.attach(context))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        detach(self._tokens.pop())


class ContextProcessor(SpanProcessor):
    """Stamps every span with its context, and hands it to delivery when it ends.

    It is added to a provider once and never leaves it; without delivery it does
    nothing.
    """

    needs_attributes = False
    """Whether it must see those that a span begins with: only tags, to add to them."""

    def on_start(self, span: SdkSpan, parent_context: Context | None = None) -> None:
        """Set what `using` says on a span that begins; its own attributes win."""
        state = _runtime.state
        if state.delivery is None:
            return
        here = otel_context.get_current() if parent_context is None else parent_context
        if _twins.CALL_KEY in here:
            with _STAMPING:
                _twins.note(span, here[_twins.CALL_KEY])  # type: ignore[arg-type]  # ours
        if _FIELDS_KEY in here or state.settings.accept_baggage:
            with _STAMPING:
                fields = context_fields(parent_context)
                if state.settings.accept_baggage:
                    fields = _joined(_baggage.fields(parent_context), fields)
                span.set_attributes(_joined(fields, span.attributes or {}))

    def on_end(self, span: ReadableSpan) -> None:
        """Offer a finished span and its content, if it is sampled or may yet be."""
        state = _runtime.state
        delivery = state.delivery
        if delivery is None or span.context is None:
            return
        _, span_id, _, flags, _, _ = span.context  # a tuple, by its class
        if not (flags & _SAMPLED or state.settings.keeps_by_tail):
            return
        try:
            ours = _twins.kept(span) if _twins.by_span else span
            if ours is not None:
                delivery.offer_span(completed(ours), _content.take(span_id))
        except BaseException as error:
            if not _OFFERING.swallow(error):
                raise

    def shutdown(self) -> None:
        """Send what waits, in the time that the settings allow: the provider ends."""
        self.force_flush(round(_runtime.state.settings.timeout_s * 1000))

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what waits; return whether nothing waits any more."""
        delivery = _runtime.state.delivery
        if delivery is None:
            return True
        report = delivery.flush(timeout_millis / 1000)
        return report.pending == 0


def _joined(
    outer: Mapping[str, AttributeValue], inner: Mapping[str, AttributeValue]
) -> dict[str, AttributeValue]:
    """Return both; the inner word holds, tags of both stay, the inner ones first."""
    joined = {**outer, **inner}
    if semconv.TAGS in outer and semconv.TAGS in inner:
        joined[semconv.TAGS] = tuple(dict.fromkeys((*_texts(inner), *_texts(outer))))
    return joined


def _texts(fields: Mapping[str, AttributeValue]) -> Sequence[str]:
    tags = fields[semconv.TAGS]
    return [str(tag) for tag in tags] if isinstance(tags, Sequence) else []

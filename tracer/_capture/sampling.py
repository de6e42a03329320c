"""Which traces are recorded: the root decides, everything below it follows."""

from collections.abc import Sequence
from typing import Any, Final

from opentelemetry import context as otel_context
from opentelemetry import trace as otel
from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes

from tracer import _runtime
from tracer._capture.current import HANDLE_KEY, SPAN_KEY
from tracer._capture.spans import Span
from tracer._chance import CHANCE, new_span_id, new_trace_id

_LEFT_OUT: Final = SamplingResult(Decision.DROP)
_RECORDED: Final = SamplingResult(Decision.RECORD_AND_SAMPLE)


class _NamedByClass(Sampler):
    """What all samplers of ours have in common."""

    def get_description(self) -> str:
        """Return the name under which OpenTelemetry logs a sampler."""
        return type(self).__name__


class Undecided(_NamedByClass):
    """Records every root without sampling it: its end decides, see `tail`."""

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Return that the span is recorded, and not sampled."""
        return SamplingResult(Decision.RECORD_ONLY, attributes)


class FollowUndecided(Undecided):
    """Records what is below an undecided span; asks the app's sampler for the rest."""

    def __init__(self, others: Sampler) -> None:
        self._others = others

    def should_sample(
        self, parent_context: Context | None, *args: Any, **kwargs: Any
    ) -> SamplingResult:
        """Return the decision of the app, unless the trace is undecided."""
        parent = otel.get_current_span(parent_context)
        if _is_undecided(parent) or _is_below_undecided(parent, parent_context):
            return super().should_sample(parent_context, *args, **kwargs)
        return self._others.should_sample(parent_context, *args, **kwargs)


class FollowParent(_NamedByClass):
    """Records what its parent records, and every root: ours are decided before."""

    needs_attributes = False
    """Whether its decision depends on the attributes that a span begins with."""

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Return the decision of the parent; yes where there is none."""
        if parent_context is not None and SPAN_KEY not in parent_context:
            return self._root(attributes)
        span = otel.get_current_span(parent_context)
        parent = span.get_span_context()
        if not parent.is_valid:
            return self._root(attributes)
        if not parent.trace_flags.sampled:
            if not _is_undecided(span):
                return _LEFT_OUT
            return SamplingResult(Decision.RECORD_ONLY, attributes)
        return SamplingResult(
            Decision.RECORD_AND_SAMPLE, attributes, parent.trace_state
        )

    def _root(self, attributes: Attributes) -> SamplingResult:
        if not attributes:
            return _RECORDED
        return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes)


class DecideRoots(FollowParent):
    """Does the same, and decides roots of other libraries by the settings in force."""

    def _root(self, attributes: Attributes) -> SamplingResult:
        settings = _runtime.state.settings
        if CHANCE.random() >= settings.sample_rate:
            if settings.keeps_by_tail:
                return SamplingResult(Decision.RECORD_ONLY, attributes)
            return _LEFT_OUT
        return super()._root(attributes)


def _is_undecided(span: otel.Span) -> bool:
    """Return whether a span is recorded here, and its trace may yet be kept."""
    return (
        span.is_recording()
        and not span.get_span_context().trace_flags.sampled
        and _runtime.state.settings.keeps_by_tail
    )


def _is_below_undecided(parent: otel.Span, context: Context | None) -> bool:
    """Return whether a span that the app's sampler left out hangs in such a trace."""
    handle = otel_context.get_value(HANDLE_KEY, context)
    if not isinstance(handle, Span) or not _is_undecided(handle._otel):
        return False
    ours = handle._otel.get_span_context()
    return ours.trace_id == parent.get_span_context().trace_id


def is_left_out(rate: float, context: Context | None) -> bool:
    """Decide for a new trace; within one, what its root decided holds."""
    parent = otel.get_current_span(context).get_span_context()
    return not parent.is_valid and CHANCE.random() >= rate


def left_out() -> otel.Span:
    """Return a span that records nothing and tells all below it to do the same."""
    ids = new_trace_id(), new_span_id()
    return otel.NonRecordingSpan(otel.SpanContext(*ids, is_remote=False))

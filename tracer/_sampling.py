"""Which traces are recorded: the root decides, everything below it follows."""

import random
from collections.abc import Sequence
from typing import Final

from opentelemetry import trace as otel
from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes

from tracer import _runtime

_LEFT_OUT: Final = SamplingResult(Decision.DROP)
_RECORDED: Final = SamplingResult(Decision.RECORD_AND_SAMPLE)


class FollowParent(Sampler):
    """Records what its parent records, and every root: ours are decided before."""

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
        parent = otel.get_current_span(parent_context).get_span_context()
        if not parent.is_valid:
            return self._root(attributes)
        if not parent.trace_flags.sampled:
            return _LEFT_OUT
        return SamplingResult(
            Decision.RECORD_AND_SAMPLE, attributes, parent.trace_state
        )

    def get_description(self) -> str:
        """Return the name under which OpenTelemetry logs a sampler."""
        return type(self).__name__

    def _root(self, attributes: Attributes) -> SamplingResult:
        if not attributes:
            return _RECORDED
        return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes)


class DecideRoots(FollowParent):
    """Does the same, and decides roots of other libraries by the settings in force."""

    def _root(self, attributes: Attributes) -> SamplingResult:
        if random.random() >= _runtime.state.settings.sample_rate:
            return _LEFT_OUT
        return super()._root(attributes)


def is_left_out(rate: float, context: Context | None) -> bool:
    """Decide for a new trace; within one, what its root decided holds."""
    parent = otel.get_current_span(context).get_span_context()
    return not parent.is_valid and random.random() >= rate


def left_out() -> otel.Span:
    """Return a span that records nothing and tells all below it to do the same."""
    ids = random.getrandbits(128) or 1, random.getrandbits(64) or 1
    return otel.NonRecordingSpan(otel.SpanContext(*ids, is_remote=False))

"""OpenTelemetry's providers: the app's, extended, or ours; and our tracers of them."""

import copy
from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakSet

from opentelemetry import trace as otel
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace import Tracer as SdkTracer
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from tracer import semconv
from tracer._build import version
from tracer._config import Settings
from tracer._context import ContextProcessor
from tracer._runtime import FORCED_SCOPE, SCOPE
from tracer._sampling import DecideRoots, FollowParent, FollowUndecided, Undecided

MOST_ATTRIBUTES: Final = 4096
"""OpenTelemetry's own limit is 128, and drops the oldest: the operation's name."""

_extended: WeakSet[Any] = WeakSet()
"""Providers that have our processor already; it cannot be taken off again."""

_ours: WeakSet[Any] = WeakSet()
"""Providers that were made here."""


def app_provider(wanted: Settings) -> TracerProvider:
    """Return the app's provider, extended; make ours the app's if it has none."""
    found = otel.get_tracer_provider()
    if isinstance(found, TracerProvider):
        extend(found)
        return found
    ours = own_provider(wanted)
    if isinstance(found, otel.ProxyTracerProvider):
        otel.set_tracer_provider(ours)
    return ours


def own_provider(wanted: Settings) -> TracerProvider:
    """Return a provider with our processor and without the limit on attributes."""
    provider = TracerProvider(
        sampler=DecideRoots(),
        resource=Resource.create(resource_attributes(wanted)),
        span_limits=_limits(),
        shutdown_on_exit=False,
    )
    extend(provider)
    _ours.add(provider)
    return provider


def extend(provider: TracerProvider) -> None:
    """Add our processor to a provider, once."""
    if provider not in _extended:
        provider.add_span_processor(ContextProcessor())
        _extended.add(provider)


def capture_tracer(provider: TracerProvider, scope: str = SCOPE) -> otel.Tracer:
    """Return a tracer of the provider, without its limit on attributes.

    The provider's other tracers keep theirs. In a provider of the app its sampler
    decides, after ours has.
    """
    tracer = provider.get_tracer(scope, version())
    if hasattr(tracer, "_span_limits"):  # opentelemetry-sdk 1.45 offers no other way
        tracer._span_limits = _limits()
    if isinstance(tracer, SdkTracer):
        if provider in _ours:
            tracer.sampler = FollowParent()
        elif not isinstance(tracer.sampler, FollowUndecided):
            tracer.sampler = FollowUndecided(tracer.sampler)
    return tracer


def forced_tracer(provider: TracerProvider) -> otel.Tracer:
    """Return the tracer of evaluations, which samples always."""
    tracer = capture_tracer(provider, FORCED_SCOPE)
    if isinstance(tracer, SdkTracer):
        tracer.sampler = ALWAYS_ON
    return tracer


def undecided_tracer(provider: TracerProvider) -> otel.Tracer:
    """Return one whose roots are recorded and not sampled: see `_tail`."""
    tracer = copy.copy(capture_tracer(provider))  # a provider makes one of a name
    if isinstance(tracer, SdkTracer):
        tracer.sampler = Undecided()
    return tracer


def _limits() -> SpanLimits:
    return SpanLimits(max_span_attributes=MOST_ATTRIBUTES)


def resource_attributes(wanted: Settings) -> Mapping[str, str]:
    """Return what the settings say of the process."""
    said = {
        semconv.SERVICE_NAME: wanted.service,
        semconv.RELEASE: wanted.release,
        semconv.ENVIRONMENT: wanted.environment,
        semconv.PROJECT: wanted.project,
    }
    return {key: text for key, text in said.items() if text}

"""OpenTelemetry's providers: the app's, extended, or ours; and our tracers of them."""

import copy
import logging
from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakSet

from opentelemetry import trace as otel
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace import Tracer as SdkTracer
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from tracer import semconv
from tracer._build import version
from tracer._capture.context import ContextProcessor
from tracer._capture.sampling import (
    DecideRoots,
    FollowParent,
    FollowUndecided,
    Undecided,
)
from tracer._chance import OwnIds
from tracer._config import Settings
from tracer._runtime import FORCED_SCOPE, SCOPE

MOST_ATTRIBUTES: Final = 4096
"""OpenTelemetry's own limit is 128, and drops the oldest: the operation's name."""

_extended: WeakSet[Any] = WeakSet()
"""Providers that have our processor already; it cannot be taken off again."""

_ours: WeakSet[Any] = WeakSet()
"""Providers that were made here."""


REFUSED: Final = "Overriding of current TracerProvider is not allowed"
"""What OpenTelemetry logs of a second provider, which it does not take."""


class _Explained(logging.Filter):
    """Adds to that line what it means where the first provider is ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.msg == REFUSED and otel.get_tracer_provider() in _ours:
            record.msg = (
                f"{REFUSED}: tracer.configure() was called before the app set its own "
                "provider, so the app's own exporters get no span. Call it after."
            )
        return True


_EXPLAINED: Final = _Explained()


def app_provider(wanted: Settings) -> TracerProvider:
    """Return the app's provider, extended; make ours the app's if it has none."""
    found = otel.get_tracer_provider()
    if isinstance(found, TracerProvider):
        extend(found)
        return found
    ours = own_provider(wanted)
    if isinstance(found, otel.ProxyTracerProvider):
        otel.set_tracer_provider(ours)
        logging.getLogger(otel.__name__).addFilter(_EXPLAINED)
    return ours


def own_provider(wanted: Settings) -> TracerProvider:
    """Return a provider with our processor and without the limit on attributes."""
    provider = TracerProvider(
        sampler=DecideRoots(),
        resource=Resource.create(resource_attributes(wanted)),
        span_limits=_limits(),
        id_generator=OwnIds(),
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
        if type(tracer.id_generator) is RandomIdGenerator:
            tracer.id_generator = OwnIds()
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
    """Return one whose roots are recorded and not sampled: see `_capture.tail`."""
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

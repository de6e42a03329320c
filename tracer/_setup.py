"""Switching on and off: the provider, our processor on it, delivery."""

import copy
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from opentelemetry import trace as otel
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace import Tracer as SdkTracer
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from tracer import _runtime, semconv
from tracer._config import RedactRule, Settings, from_environment, merged, redact_rules
from tracer._context import ContextProcessor
from tracer._guard import logger
from tracer._redact import Redactor
from tracer._runtime import FORCED_SCOPE, SCOPE, Deliverer, State
from tracer._sampling import DecideRoots, FollowParent, FollowUndecided, Undecided
from tracer._tail import tailed, untailed

if TYPE_CHECKING:
    from tracer._delivery.exporters import GivenLogExporter, GivenSpanExporter
    from tracer._delivery.records import DeliveryReport

MOST_ATTRIBUTES: Final = 4096
"""OpenTelemetry's own limit is 128, and drops the oldest: the operation's name."""

UNKNOWN_SERVICE: Final = "unknown_service"
"""How the SDK's name for a nameless program begins."""

_OF_CAPTURE: Final = (
    "sample_rate",
    "keep_errors",
    "keep_slower_than_s",
    "capture_content",
    "share_content",
    "accept_baggage",
    "redact",
    "max_value_bytes",
)
"""Settings that delivery never sees: it goes on when only they change."""

_lock = threading.RLock()
_extended: WeakSet[Any] = WeakSet()
"""Providers that have our processor already; it cannot be taken off again."""

_ours: WeakSet[Any] = WeakSet()
"""Providers that were made here."""


def configure(
    *,
    project: str | None = None,
    endpoint: str | None = None,
    api_key: str | None = None,
    headers: Mapping[str, str] | None = None,
    exporter: "GivenSpanExporter | None" = None,
    log_exporter: "GivenLogExporter | None" = None,
    service: str | None = None,
    environment: str | None = None,
    release: str | None = None,
    sample_rate: float | None = None,
    keep_errors: bool | None = None,
    keep_slower_than_s: float | None = None,
    capture_content: bool | None = None,
    share_content: bool | None = None,
    accept_baggage: bool | None = None,
    redact: RedactRule | Iterable[RedactRule] | None = None,
    max_value_bytes: int | None = None,
    max_queue_bytes: int | None = None,
    flush_after_s: float | None = None,
    timeout_s: float | None = None,
    spool_dir: str | Path | None = None,
    max_spool_bytes: int | None = None,
    certificate: str | Path | None = None,
    compression: str | None = None,
    enabled: bool | None = None,
) -> None:
    """Switch tracing on: from now on decorated calls are recorded and sent.

    Whatever is not given stays as it was, at first as the environment says
    (``TRACER_PROJECT``, ``TRACER_ENDPOINT`` …, then OpenTelemetry's own variables).
    If the app has an OpenTelemetry provider, it is extended by our processor, so call
    this after it was set; otherwise one is made. No connection is opened here, and
    nothing is raised later: what goes wrong is logged once and counted by `flush`.

    Args:
        project: Project that the data belong to.
        endpoint: Base address of the collector, ``http://127.0.0.1:4318``.
        api_key: Key for it, if it asks for one.
        headers: Sent with every request, for a backend that is no collector of ours.
        exporter: Hand spans, content included, to this OpenTelemetry exporter instead
            of sending them; or what makes one, which a server that forks needs. What
            waits is then kept in memory only.
        log_exporter: The same for scores and events of evaluations; without it scores
            go to `exporter` as spans without length.
        service: Name of this program, ``service.name``.
        environment: ``production``, ``staging`` …
        release: Version of this program.
        sample_rate: Share of traces to record; their root decides, children follow.
        keep_errors: True also keeps a trace that was left out if a span in it failed;
            it is held in memory until its first span ends.
        keep_slower_than_s: Likewise if its first span took this many seconds or more.
        capture_content: False records no inputs, outputs, messages, exception texts.
        share_content: True shows content to the app's other exporters as well.
        accept_baggage: True reads user, session, tags, metadata from W3C baggage.
        redact: Key names, compiled patterns or functions of a JSON-like value, beside
            the names of secrets that are always redacted.
        max_value_bytes: Longest JSON of one input or output (1 MiB).
        max_queue_bytes: Memory for what waits to be sent (64 MiB).
        flush_after_s: Longest wait for company before sending (1 s).
        timeout_s: Time for one request, and for the rest at exit (10 s).
        spool_dir: Directory for what waits while the collector is away.
        max_spool_bytes: Disk that this may take (256 MiB).
        certificate: File of certificates that the receiver's must descend from.
        compression: ``gzip``, or ``none``.
        enabled: False switches everything off.

    Raises:
        ConfigurationError: If a setting cannot be right; it names the value.
    """
    given = dict(locals())
    given["redact"] = redact_rules(redact)
    for name in ("spool_dir", "certificate"):
        given[name] = None if given[name] is None else Path(given[name])
    with _lock:
        base = from_environment() if _runtime.state is _runtime.OFF else settings()
        _switch_on(merged(base, given))


def is_configured() -> bool:
    """Return whether decorated calls are recorded."""
    return _runtime.state.tracer is not None


def ensure_configured() -> None:
    """Set delivery up from the environment if nobody did; decorators stay off."""
    if _runtime.state is not _runtime.OFF:
        return
    with _lock:
        if _runtime.state is _runtime.OFF:
            wanted = from_environment()
            provider = own_provider(wanted)
            _runtime.state = State(
                settings=wanted,
                redactor=Redactor(wanted.redact),
                forced_tracer=_forced(provider) if wanted.enabled else None,
                delivery=_deliver(wanted, provider) if wanted.enabled else None,
            )


def settings() -> Settings:
    """Return the settings in force."""
    return _runtime.state.settings


def delivery() -> Deliverer | None:
    """Return where spans and records go; None if nothing was set up."""
    return _runtime.state.delivery


def flush(timeout_s: float | None = None) -> "DeliveryReport":
    """Send what waits now, and say what became of everything so far.

    Args:
        timeout_s: Longest time to take; None = `timeout_s` of the settings.
    """
    found = delivery()
    if found is None:
        return _nothing_sent()
    return found.flush(settings().timeout_s if timeout_s is None else timeout_s)


def shutdown(timeout_s: float | None = None) -> "DeliveryReport":
    """Send what waits and switch tracing off; `configure` switches it on again.

    Args:
        timeout_s: Longest time to take; None = `timeout_s` of the settings.
    """
    with _lock:
        before, _runtime.state = _runtime.state, _runtime.OFF
    if before.delivery is None:
        return _nothing_sent()
    limit_s = before.settings.timeout_s if timeout_s is None else timeout_s
    return before.delivery.shutdown(limit_s)


def state_of(wanted: Settings, provider: TracerProvider, delivery: Deliverer) -> State:
    """Return everything switched on, with spans made by this provider."""
    return State(
        settings=wanted,
        redactor=Redactor(wanted.redact),
        tracer=_tracer(provider, SCOPE),
        forced_tracer=_forced(provider),
        undecided_tracer=_undecided(provider) if wanted.keeps_by_tail else None,
        delivery=tailed(delivery, wanted),
    )


def _switch_on(wanted: Settings) -> None:
    before = _runtime.state
    if not wanted.enabled:
        _runtime.state = State(settings=wanted, redactor=Redactor(wanted.redact))
    else:
        provider = _provider(wanted)
        old = untailed(before.delivery)
        target = old if _sends_alike(before.settings, wanted) else None
        _runtime.state = state_of(
            wanted, provider, target or _deliver(wanted, provider)
        )
    if before.delivery is not None and untailed(before.delivery) is not untailed(
        delivery()
    ):
        report = before.delivery.shutdown(before.settings.timeout_s)
        if report.dropped or report.pending:  # no later report counts them
            logger.warning("what was recorded before this `configure`: %s", report)


def _sends_alike(before: Settings, wanted: Settings) -> bool:
    """Return whether settings differ in nothing that delivery looks at."""
    return before == replace(
        wanted, **{name: getattr(before, name) for name in _OF_CAPTURE}
    )


def _provider(wanted: Settings) -> TracerProvider:
    """Return the app's provider, extended; make ours the app's if it has none."""
    found = otel.get_tracer_provider()
    if isinstance(found, TracerProvider):
        _extend(found)
        return found
    ours = own_provider(wanted)
    if isinstance(found, otel.ProxyTracerProvider):
        otel.set_tracer_provider(ours)
    return ours


def own_provider(wanted: Settings) -> TracerProvider:
    """Return a provider with our processor and without the limit on attributes."""
    provider = TracerProvider(
        sampler=DecideRoots(),
        resource=Resource.create(_resource_attributes(wanted)),
        span_limits=_limits(),
        shutdown_on_exit=False,
    )
    _extend(provider)
    _ours.add(provider)
    return provider


def _extend(provider: TracerProvider) -> None:
    if provider not in _extended:
        provider.add_span_processor(ContextProcessor())
        _extended.add(provider)


def _tracer(provider: TracerProvider, scope: str) -> otel.Tracer:
    """Return a tracer of the provider, without its limit on attributes.

    The provider's other tracers keep theirs. In a provider of the app its sampler
    decides, after ours has.
    """
    tracer = provider.get_tracer(scope, _version())
    if hasattr(tracer, "_span_limits"):  # opentelemetry-sdk 1.45 offers no other way
        tracer._span_limits = _limits()
    if isinstance(tracer, SdkTracer):
        if provider in _ours:
            tracer.sampler = FollowParent()
        elif not isinstance(tracer.sampler, FollowUndecided):
            tracer.sampler = FollowUndecided(tracer.sampler)
    return tracer


def _forced(provider: TracerProvider) -> otel.Tracer:
    tracer = _tracer(provider, FORCED_SCOPE)
    if isinstance(tracer, SdkTracer):
        tracer.sampler = ALWAYS_ON
    return tracer


def _undecided(provider: TracerProvider) -> otel.Tracer:
    tracer = copy.copy(_tracer(provider, SCOPE))  # a provider makes one of a name
    if isinstance(tracer, SdkTracer):
        tracer.sampler = Undecided()
    return tracer


def _limits() -> SpanLimits:
    return SpanLimits(max_span_attributes=MOST_ATTRIBUTES)


def _deliver(wanted: Settings, provider: TracerProvider) -> Deliverer:
    resource = {**provider.resource.attributes, **_resource_attributes(wanted)}
    if str(resource.get(semconv.SERVICE_NAME)).startswith(UNKNOWN_SERVICE):
        del resource[semconv.SERVICE_NAME]  # it would hide the name in a span's own
    from tracer._delivery import Delivery

    return Delivery(wanted, resource)


def _nothing_sent() -> "DeliveryReport":
    from tracer._delivery.records import DeliveryReport

    return DeliveryReport()


def _resource_attributes(wanted: Settings) -> Mapping[str, str]:
    said = {
        semconv.SERVICE_NAME: wanted.service,
        semconv.RELEASE: wanted.release,
        semconv.ENVIRONMENT: wanted.environment,
        semconv.PROJECT: wanted.project,
    }
    return {key: text for key, text in said.items() if text}


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # 15 ms

    try:
        return version("tracer-evals")
    except PackageNotFoundError:
        return ""


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_runtime.after_fork)

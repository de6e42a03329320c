"""Switching on and off: the provider, our processor on it, delivery."""

import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from opentelemetry.sdk.trace import TracerProvider

from tracer import _runtime, semconv
from tracer._capture.tail import tailed, untailed
from tracer._config import RedactRule, Settings, merged, redact_rules
from tracer._environment import from_environment
from tracer._guard import logger
from tracer._providers import (
    app_provider,
    capture_tracer,
    forced_tracer,
    own_provider,
    resource_attributes,
    undecided_tracer,
)
from tracer._runtime import Deliverer, State
from tracer._values.redact import Redactor

if TYPE_CHECKING:
    from tracer._delivery.exporters import GivenLogExporter, GivenSpanExporter
    from tracer._delivery.records import DeliveryReport

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
_last: Settings | None = None
"""What was configured last; it stays so over a `shutdown`."""


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
    keep_slower_than_s: float | Literal[False] | None = None,
    capture_content: bool | None = None,
    share_content: bool | None = None,
    accept_baggage: bool | None = None,
    redact: RedactRule | Iterable[RedactRule] | None = None,
    max_value_bytes: int | None = None,
    max_queue_bytes: int | None = None,
    flush_after_s: float | None = None,
    timeout_s: float | None = None,
    spool_dir: str | Path | Literal[False] | None = None,
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
        keep_slower_than_s: Likewise if its first span took this many seconds or more;
            False takes it back.
        capture_content: False records no inputs, outputs, messages, exception texts.
        share_content: True shows content to the app's other exporters as well.
        accept_baggage: True reads user, session, tags, metadata from W3C baggage.
        redact: Key names, compiled patterns or functions of a JSON-like value, beside
            the names of secrets that are always redacted.
        max_value_bytes: Longest JSON of one input or output (1 MiB).
        max_queue_bytes: Memory for what waits to be sent (64 MiB).
        flush_after_s: Longest wait for company before sending (1 s).
        timeout_s: Time for one request, and for the rest at exit (10 s).
        spool_dir: Directory for what waits while the collector is away; False keeps
            it in memory.
        max_spool_bytes: Disk that this may take (256 MiB).
        certificate: File of certificates that the receiver's must descend from.
        compression: ``gzip``, or ``none``.
        enabled: False switches everything off.

    Raises:
        ConfigurationError: If a setting cannot be right; it names the value.
    """
    global _last
    given = dict(locals())
    given["redact"] = redact_rules(redact)
    for name in ("spool_dir", "certificate"):
        given[name] = Path(given[name]) if given[name] else given[name]
    with _lock:
        if _runtime.state is not _runtime.OFF:
            _last = settings()
        base = from_environment() if _last is None else _last
        before = _switch_on(merged(base, given))
    _shut_replaced(before)  # without the lock: it may take `timeout_s`


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
                forced_tracer=forced_tracer(provider) if wanted.enabled else None,
                delivery=_deliver(wanted, provider) if wanted.enabled else None,
            )


def settings() -> Settings:
    """Return the settings in force."""
    return _runtime.state.settings


def delivery() -> Deliverer | None:
    """Return where spans and records go; None if nothing was set up."""
    return _runtime.state.delivery


def delivery_to(endpoint: str, api_key: str | None, project: str) -> Deliverer:
    """Return a delivery of its own to a collector, for a project; nothing on disk.

    What is in force stays so; the other settings are taken from it.
    """
    given = {"endpoint": endpoint, "api_key": api_key, "project": project}
    plain = replace(settings(), spool_dir=None, exporter=None, log_exporter=None)
    wanted = merged(plain, given)
    return _deliver(wanted, own_provider(wanted))


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
    global _last
    with _lock:
        if _runtime.state is not _runtime.OFF:
            _last = settings()
        before, _runtime.state = _runtime.state, _runtime.OFF
    if before.delivery is None:
        return _nothing_sent()
    limit_s = before.settings.timeout_s if timeout_s is None else timeout_s
    return before.delivery.shutdown(limit_s)


def forget() -> None:
    """Forget what was configured: the next `configure` begins with the environment."""
    global _last
    _last = None


def state_of(
    wanted: Settings,
    provider: TracerProvider,
    delivery: Deliverer,
    *,
    before: Deliverer | None = None,
) -> State:
    """Return everything switched on, with spans made by this provider.

    Args:
        wanted: The settings.
        provider: Makes the spans.
        delivery: Takes them when they have ended.
        before: What it replaces; its undecided traces go on.
    """
    return State(
        settings=wanted,
        redactor=Redactor(wanted.redact),
        tracer=capture_tracer(provider),
        forced_tracer=forced_tracer(provider),
        undecided_tracer=undecided_tracer(provider) if wanted.keeps_by_tail else None,
        delivery=tailed(delivery, wanted, before),
    )


def _switch_on(wanted: Settings) -> State:
    """Put the settings in force; return what was in force before."""
    before = _runtime.state
    if not wanted.enabled:
        _runtime.state = State(settings=wanted, redactor=Redactor(wanted.redact))
        return before
    provider = app_provider(wanted)
    target = untailed(before.delivery)
    if target is None or not _sends_alike(before.settings, wanted):
        target = _deliver(wanted, provider)
    _runtime.state = state_of(wanted, provider, target, before=before.delivery)
    return before


def _shut_replaced(before: State) -> None:
    """Send what a delivery still has that is in force no longer."""
    replaced = before.delivery
    if replaced is None or untailed(replaced) is untailed(delivery()):
        return
    report = replaced.shutdown(before.settings.timeout_s)
    if report.dropped or report.pending:  # no later report counts them
        logger.warning("what was recorded before this `configure`: %s", report)


def _sends_alike(before: Settings, wanted: Settings) -> bool:
    """Return whether settings differ in nothing that delivery looks at."""
    return before == replace(
        wanted, **{name: getattr(before, name) for name in _OF_CAPTURE}
    )


def _deliver(wanted: Settings, provider: TracerProvider) -> Deliverer:
    resource = {**provider.resource.attributes, **resource_attributes(wanted)}
    if str(resource.get(semconv.SERVICE_NAME)).startswith(UNKNOWN_SERVICE):
        del resource[semconv.SERVICE_NAME]  # it would hide the name in a span's own
    from tracer._delivery import Delivery

    return Delivery(wanted, resource)


def _nothing_sent() -> "DeliveryReport":
    from tracer._delivery.records import DeliveryReport

    return DeliveryReport()


def _after_fork() -> None:
    """Begin anew in a child, whatever another thread of its parent was holding."""
    global _lock
    _lock = threading.RLock()
    _runtime.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, TraceFlags
from otlp_sink import OtlpSink

from tracer import _guard
from tracer._config import Settings
from tracer._delivery import Delivery, Pace

HURRIED = Pace(backoff_first_s=0.01, backoff_most_s=0.02, look_s=0.05)
SCOPE = InstrumentationScope("app", "1.0")
RESOURCE = Resource({"service.name": "app"})

MakeSpan = Callable[..., ReadableSpan]
MakeDelivery = Callable[..., Delivery]


@pytest.fixture(autouse=True)
def _said_anew() -> None:
    _guard.forget()


@pytest.fixture
def sink() -> Iterator[OtlpSink]:
    sink = OtlpSink()
    sink.start()
    yield sink
    sink.gate.set()
    sink.stop()


@pytest.fixture
def make_span() -> MakeSpan:
    """Make a finished span, as the SDK's processor would hand it over."""

    def make(name: str = "answer", **fields: Any) -> ReadableSpan:
        context = SpanContext(
            random.getrandbits(128) | 1,
            random.getrandbits(64) | 1,
            is_remote=False,
            trace_flags=TraceFlags(1),
        )
        given: dict[str, Any] = {
            "context": context,
            "resource": RESOURCE,
            "instrumentation_scope": SCOPE,
            "start_time": 1_700_000_000_000_000_000,
            "end_time": 1_700_000_000_100_000_000,
        }
        return ReadableSpan(name, **(given | fields))

    return make


@pytest.fixture
def make_delivery(sink: OtlpSink, tmp_path: Path) -> Iterator[MakeDelivery]:
    """Make deliveries to the sink, and shut them down in the end."""
    made: list[Delivery] = []

    def make(*, pace: Pace = HURRIED, **settings: Any) -> Delivery:
        given: dict[str, Any] = {
            "endpoint": sink.url,
            "spool_dir": tmp_path / "spool",
            "flush_after_s": 0.01,
        }
        delivery = Delivery(
            Settings(**(given | settings)), {"tracer.project": "shop"}, pace=pace
        )
        made.append(delivery)
        return delivery

    yield make
    for delivery in made:
        delivery.shutdown(1)

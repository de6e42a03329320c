"""An application that seeds `random` is not disturbed, and its ids stay unique."""

import os
import random

import pytest
from opentelemetry import trace as otel
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator

import tracer
from tracer import _providers, testing
from tracer._chance import CHANCE
from tracer._config import Settings


@tracer.trace
def draw() -> float:
    return random.random()


def test_a_seeded_application_draws_the_same_with_and_without_tracing() -> None:
    random.seed(7)
    without = [draw() for _ in range(5)]
    for rate in (0.0, 0.5, 1.0):
        with testing.capture(sample_rate=rate):
            random.seed(7)
            assert [draw() for _ in range(5)] == without


def test_applications_that_seed_alike_have_traces_of_their_own() -> None:
    with testing.capture() as captured:
        for _ in range(2):
            random.seed(7)
            draw()
    assert len({span.trace_id for span in captured.spans}) == 2
    assert len({span.span_id for span in captured.spans}) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork is POSIX")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_draws_other_ids_than_its_parent() -> None:
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, CHANCE.getrandbits(128).to_bytes(16))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        theirs = int.from_bytes(pipe.read())
    assert theirs != CHANCE.getrandbits(128)


class Counted(IdGenerator):
    """Ids that the application makes by a rule of its own, as X-Ray's are."""

    def __init__(self) -> None:
        self.n_made = 0

    def generate_span_id(self) -> int:
        self.n_made += 1
        return self.n_made

    def generate_trace_id(self) -> int:
        return 1000 + self.generate_span_id()


def test_ids_that_the_application_makes_by_its_own_rule_stay_so() -> None:
    theirs = _providers.capture_tracer(TracerProvider(id_generator=Counted()))
    context = theirs.start_span("one").get_span_context()
    assert (context.trace_id, context.span_id) == (1001, 2)


def test_in_a_provider_of_the_application_our_spans_draw_nothing_from_it() -> None:
    ours = _providers.capture_tracer(TracerProvider())
    random.seed(7)
    expected = random.random()
    random.seed(7)
    assert ours.start_span("one").get_span_context().trace_id != otel.INVALID_TRACE_ID
    assert random.random() == expected
    own = _providers.own_provider(Settings()).get_tracer("another library")
    random.seed(7)
    own.start_span("two")
    assert random.random() == expected

"""`configure` in programs of their own: a provider can be set once in a process."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

import tracer
from tracer import _setup, testing
from tracer.errors import ConfigurationError

BEFORE = """
import dataclasses, json, os
import tracer
from opentelemetry import trace as otel
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tracer import _runtime, _setup
from tracer.testing import _Memory

theirs = InMemorySpanExporter()
memory = _Memory()
ours = memory.captured

def app_provider(**options):
    provider = TracerProvider(**options)
    provider.add_span_processor(SimpleSpanProcessor(theirs))
    otel.set_tracer_provider(provider)
    return provider

def keep_in_memory():
    _runtime.state = dataclasses.replace(_runtime.state, delivery=memory)

@tracer.trace
def answer(question):
    return question.upper()
"""


def run(script: str, **environment: str) -> Any:
    """Run a program; return what it printed as JSON."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", BEFORE + script],
        env={**clean, "TRACER_ENDPOINT": "http://127.0.0.1:9", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_an_app_without_a_provider_gets_one_that_other_libraries_use() -> None:
    found = run("""
tracer.configure(project="p", environment="test", spool_dir="/nonexistent")
keep_in_memory()
with otel.get_tracer("library").start_as_current_span("theirs"):
    answer("why")
resource = otel.get_tracer_provider().resource.attributes
print(json.dumps([[s.name for s in ours.spans], resource["tracer.project"],
    resource["deployment.environment.name"], ours.span("answer").output]))
""")
    assert found == [["answer", "theirs"], "p", "test", "WHY"]


def test_a_provider_of_the_app_is_extended_and_its_exporters_see_no_content() -> None:
    found = run("""
provider = app_provider()
tracer.configure()
tracer.configure(project="again")
keep_in_memory()
with tracer.using(user_id="u"), otel.get_tracer("app").start_as_current_span("request"):
    answer("private question")
    tracer.current_span().output = "private too"
    tracer.current_span().metadata["n"] = 1
assert otel.get_tracer_provider() is provider
print(json.dumps({
    "ours": [[s.name, s.input, s.output, s.metadata, s.attributes["user.id"]]
             for s in ours.spans],
    "theirs": [[s.name, "private" in s.to_json()] for s in theirs.get_finished_spans()],
}))
""")
    assert found["ours"] == [
        ["answer", {"question": "private question"}, "PRIVATE QUESTION", {}, "u"],
        ["request", None, "private too", {"n": 1}, "u"],
    ]
    assert found["theirs"] == [["answer", False], ["request", False]]


def test_a_provider_of_the_app_that_comes_too_late_is_told_what_that_means() -> None:
    told = run("""
import io, logging
said = io.StringIO()
logging.basicConfig(stream=said)
tracer.configure(spool_dir="/nonexistent")
app_provider()
print(json.dumps(said.getvalue()))
""")
    assert "not allowed: tracer.configure() was called before the app set" in told
    assert "own exporters get no span. Call it after" in told


FAILING = """
import gzip
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as otlp
from tracer._delivery.encoder import Encoder

items = []

class Keeping(_Memory):
    def offer_span(self, span, content):
        items.append((span, content))

memory = Keeping()

@tracer.trace
def fails(question):
    raise LookupError("private " + question)

def report():
    try:
        fails("question")
    except LookupError as error:
        with otel.get_tracer("app").start_as_current_span("request"):
            tracer.current_span().record_exception(error)
    told = []
    for batch in Encoder({}, instance_id="one").batches(items):
        request = otlp.ExportTraceServiceRequest.FromString(gzip.decompress(batch.body))
        for group in request.resource_spans:
            for scope in group.scope_spans:
                for span in scope.spans:
                    (event,) = span.events
                    keys = {one.key: one.value.string_value for one in event.attributes}
                    told.append([span.name, span.status.message, event.name,
                        keys["exception.type"], keys["exception.message"],
                        "private question" in keys["exception.stacktrace"]])
    print(json.dumps({
        "ours": sorted(told),
        "theirs": [[s.name, s.status.status_code.name, s.status.description,
                    [dict(e.attributes) for e in s.events], "private" in s.to_json()]
                   for s in theirs.get_finished_spans()],
    }))
"""

OURS_OF_FAILING = [
    ["fails", "private question", "exception", "LookupError", "private question", True],
    ["request", "", "exception", "LookupError", "private question", True],
]


def test_exporters_of_the_app_learn_the_type_of_an_exception_and_not_its_words() -> (
    None
):
    found = run(
        FAILING + "app_provider()\ntracer.configure()\nkeep_in_memory()\nreport()"
    )
    assert found["ours"] == OURS_OF_FAILING
    only_type = [{"exception.type": "LookupError"}]
    assert found["theirs"] == [
        ["fails", "ERROR", None, only_type, False],
        ["request", "UNSET", None, only_type, False],
    ]


def test_shared_content_shows_exporters_of_the_app_what_an_exception_said() -> None:
    found = run(
        FAILING
        + "app_provider()\ntracer.configure(share_content=True)\nkeep_in_memory()\n"
        + "report()"
    )
    assert found["ours"] == OURS_OF_FAILING
    told = [[name, status, text] for name, status, text, _, _ in found["theirs"]]
    assert told == [["fails", "ERROR", "private question"], ["request", "UNSET", None]]


def test_shared_content_stands_on_the_span_for_everybody() -> None:
    found = run("""
app_provider()
tracer.configure(share_content=True)
keep_in_memory()
answer("why")
[span] = theirs.get_finished_spans()
print(json.dumps([span.attributes["tracer.input"], ours.span("answer").input]))
""")
    assert found == ['{"question":"why"}', {"question": "why"}]


def test_limits_and_samplers_of_the_app_hold_for_its_own_spans_only() -> None:
    found = run("""
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
provider = app_provider(sampler=ALWAYS_OFF)
tracer.configure()
keep_in_memory()
answer("left out by the app")
from tracer._capture.opening import open_span
span = open_span("prediction", force=True)
for n in range(300):
    span.set_attribute(f"a{n}", n)
span.end()
print(json.dumps([[s.name for s in ours.spans], len(ours.spans[0].attributes)]))
""")
    assert found == [["prediction"], 300]


def test_delivery_alone_leaves_decorators_and_the_apps_provider_alone() -> None:
    found = run("""
_setup.ensure_configured()
keep_in_memory()
answer("why")
tracer.score("s", 1, trace_id="a" * 32)
from tracer._capture.opening import open_span
open_span("prediction", force=True).end()
open_span("not forced").end()
print(json.dumps([[s.name for s in ours.spans], len(ours.scores),
    _setup.is_configured(), type(otel.get_tracer_provider()).__name__]))
""")
    assert found == [["prediction"], 1, False, "ProxyTracerProvider"]


@pytest.mark.parametrize(
    "environment", [{"OTEL_SDK_DISABLED": "true"}, {"TRACER_ENABLED": "false"}]
)
def test_switched_off_by_the_environment_nothing_is_recorded_or_sent(
    environment: dict[str, str],
) -> None:
    found = run(
        """
tracer.configure()
_setup.ensure_configured()
tracer.score("s", 1, trace_id="a" * 32)
with tracer.span("block") as span:
    answer("why")
print(json.dumps([_setup.is_configured(), _setup.delivery(), span.is_recording,
    str(tracer.flush())]))
""",
        **environment,
    )
    assert found == [False, None, False, "0 sent"]


def test_delivery_goes_on_where_only_capture_is_configured_anew() -> None:
    found = run("""
tracer.configure(project="p")
first = _setup.delivery()
tracer.configure(sample_rate=0.5, redact=["ssn"], capture_content=False)
same = _setup.delivery() is first
tracer.configure(project="q")
print(json.dumps([same, _setup.delivery() is first]))
""")
    assert found == [True, False]


def test_what_is_lost_by_configuring_anew_is_said() -> None:
    found = run(
        """
import logging
said = []
class Listener(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())
logging.getLogger("tracer").addHandler(Listener())
tracer.configure(project="p", timeout_s=0.2)
answer("why")
tracer.configure(project="q")
print(json.dumps([text for text in said if "before this `configure`" in text]))
""",
        TRACER_SPOOL_DIR="off",
    )
    assert len(found) == 1
    assert "1 dropped" in found[0]


def test_a_nameless_program_does_not_hide_the_names_in_its_spans() -> None:
    found = run("""
_setup.ensure_configured()
app_provider(resource=Resource.create({"service.name": "shop"}))
tracer.configure()
print(json.dumps("service.name" in _setup.delivery()._resource))
""")
    assert found is False


def test_a_child_of_a_fork_does_not_end_what_its_parent_began() -> None:
    found = run("""
tracer.configure()
keep_in_memory()
reading, writing = os.pipe()
with tracer.span("parent's") as span:
    if os.fork() == 0:
        span.end()
        answer("in the child")
        line = json.dumps([[s.name, s.parent_span_id == span.span_id]
                           for s in ours.spans])
        os.write(writing, line.encode())
        os._exit(0)
    os.wait()
child = json.loads(os.read(reading, 10_000))
print(json.dumps([child, [s.name for s in ours.spans]]))
""")
    assert found == [[["answer", True]], ["parent's"]]


def test_content_of_spans_that_never_end_is_not_kept() -> None:
    found = run("""
import gc
from tracer._capture import content as _content
from tracer._capture import exceptions as _exceptions
app_provider()
tracer.configure()
library = otel.get_tracer("library")
for n in range(3):
    with otel.use_span(library.start_span("abandoned")):
        tracer.current_span().output = "x" * 1000
gc.collect()
try:
    raise LookupError("said")
except LookupError as error:
    with otel.use_span(library.start_span("abandoned too")):
        tracer.current_span().record_exception(error)
gc.collect()
print(json.dumps(len(_content._by_span) + len(_exceptions._by_span)))
""")
    assert found == 0


def test_content_of_spans_that_go_nowhere_is_not_kept() -> None:
    """The app's sampler may record without sampling, and spans end after shutdown."""
    found = run("""
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from tracer._capture import content as _content

class RecordOnly(Sampler):
    def should_sample(self, *args, **kwargs):
        return SamplingResult(Decision.RECORD_ONLY)
    def get_description(self):
        return "record only"

app_provider(sampler=RecordOnly())
tracer.configure()
keep_in_memory()
answer("recorded, not sampled")
with tracer.span("ends late", input="late"):
    tracer.shutdown()
print(json.dumps([len(ours.spans), len(_content._by_span)]))
""")
    assert found == [0, 0]


def test_a_forked_child_can_configure_whatever_its_parent_was_doing() -> None:
    found = run("""
import threading
tracer.configure()
held, done = threading.Event(), threading.Event()

def configure_for_long():
    with _setup._lock:
        held.set()
        done.wait(30)

thread = threading.Thread(target=configure_for_long)
thread.start()
held.wait(30)
child = os.fork()
if child == 0:
    tracer.configure(enabled=False)
    os._exit(7)
print(json.dumps(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])))
done.set()
thread.join()
""")
    assert found == 7


def test_a_setting_that_cannot_be_right_is_refused_and_changes_nothing() -> None:
    testing.reset()
    with pytest.raises(ConfigurationError, match="7"):
        tracer.configure(sample_rate=7)
    with pytest.raises(ConfigurationError, match="no-scheme"):
        tracer.configure(endpoint="no-scheme:4318")
    assert not _setup.is_configured()


def test_without_configuration_flush_and_shutdown_have_nothing_to_do() -> None:
    testing.reset()
    assert str(tracer.flush()) == "0 sent"
    assert str(tracer.shutdown()) == "0 sent"

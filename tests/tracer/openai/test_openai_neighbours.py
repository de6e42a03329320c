"""Beside another vendor's instrumentation, one call is one span of a model at ours."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openai
import pytest
from openai_calls import ASK, MODEL
from openinference.instrumentation.openai import OpenAIInstrumentor as OpenInference
from opentelemetry import context as otel_context
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor as GenAi
from opentelemetry.instrumentation.utils import (
    is_http_instrumentation_enabled as is_http_enabled,
)
from opentelemetry.instrumentation.utils import (
    is_instrumentation_enabled,
    suppress_instrumentation,
)
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from otlp_sink import OtlpSink, plain

import tracer
from tracer import testing
from tracer.testing import Captured

HOUSE = Path(__file__).parents[3]
INPUT: dict[str, Any] = {"model": MODEL, "input": "hi there"}
EMBED: dict[str, Any] = {"model": "text-embedding-3-small", "input": "hi"}

Vendor = type[OpenInference] | type[GenAi]
Asking = Callable[[Any], Any]

ASKS: dict[str, Asking] = {
    "chat": lambda client: client.chat.completions.create(**ASK),
    "chat-streamed": lambda client: client.chat.completions.create(**ASK, stream=True),
    "chat-raw": lambda client: client.chat.completions.with_raw_response.create(**ASK),
    "responses": lambda client: client.responses.create(**INPUT),
    "responses-streamed": lambda client: client.responses.create(**INPUT, stream=True),
    "embeddings": lambda client: client.embeddings.create(**EMBED),
}


def is_model_call(attributes: Any) -> bool:
    return attributes.get("gen_ai.operation.name") in ("chat", "embeddings") or (
        attributes.get("openinference.span.kind") in ("LLM", "EMBEDDING")
    )


def model_calls(captured: Captured) -> int:
    return sum(is_model_call(span.attributes) for span in captured.spans)


def skip_if_refused(vendor: Vendor) -> None:
    """Skip a test that needs the spans of a vendor that refuses this openai."""
    if conflict := vendor()._check_dependency_conflicts():
        pytest.skip(f"{vendor.__module__}: {conflict}")


@contextmanager
def switched_on(vendor: Vendor, provider: TracerProvider) -> Iterator[None]:
    vendor().instrument(tracer_provider=provider)
    try:
        yield
    finally:
        vendor().uninstrument()


@contextmanager
def ours_on(how: str, client: Any) -> Iterator[None]:
    if how == "wrap":
        tracer.wrap_openai(client)
        yield
        tracer.unwrap_openai(client)
        return
    tracer.instrument_openai()
    yield
    tracer.uninstrument_openai()


@contextmanager
def both_on(order: str, how: str, client: Any, vendor: Vendor) -> Iterator[None]:
    theirs = switched_on(vendor, testing._provider())
    ours = ours_on(how, client)
    first, second = (theirs, ours) if order == "theirs-first" else (ours, theirs)
    with first, second:
        yield


def in_every_way(test: Any) -> Any:
    """Run a test for each vendor, order, way of ours and kind of call."""
    for name, values in {
        "asking": list(ASKS),
        "how": ["wrap", "instrument"],
        "order": ["theirs-first", "ours-first"],
        "vendor": [OpenInference, GenAi],
    }.items():
        test = pytest.mark.parametrize(name, values)(test)
    return test


@in_every_way
def test_a_call_is_one_span_whichever_was_switched_on_first(
    bare: openai.OpenAI,
    captured: Captured,
    vendor: Vendor,
    order: str,
    how: str,
    asking: str,
) -> None:
    skip_if_refused(vendor)
    with both_on(order, how, bare, vendor):
        answered = ASKS[asking](bare)
        if asking.endswith("streamed"):
            assert len(list(answered)) > 2

    assert model_calls(captured) == 1


@in_every_way
async def test_an_asynchronous_call_is_one_span_whichever_was_switched_on_first(
    base_url: str,
    captured: Captured,
    vendor: Vendor,
    order: str,
    how: str,
    asking: str,
) -> None:
    skip_if_refused(vendor)
    async with openai.AsyncOpenAI(base_url=base_url, api_key="key") as client:
        with both_on(order, how, client, vendor):
            answered = await ASKS[asking](client)
            if asking.endswith("streamed"):
                assert len([chunk async for chunk in answered]) > 2

    assert model_calls(captured) == 1


@pytest.mark.parametrize("vendor", [OpenInference, GenAi])
@pytest.mark.parametrize("how", ["wrap", "instrument"])
@pytest.mark.parametrize("order", ["theirs-first", "ours-first"])
def test_where_theirs_goes_elsewhere_both_are_recorded_each_in_its_place(
    bare: openai.OpenAI, captured: Captured, vendor: Vendor, how: str, order: str
) -> None:
    skip_if_refused(vendor)
    elsewhere, exporter = TracerProvider(), InMemorySpanExporter()
    elsewhere.add_span_processor(SimpleSpanProcessor(exporter))
    theirs, ours = switched_on(vendor, elsewhere), ours_on(how, bare)
    first, second = (theirs, ours) if order == "theirs-first" else (ours, theirs)
    with first, second:
        bare.chat.completions.create(**ASK)

    assert model_calls(captured) == 1
    assert captured.spans[0].attributes["openai.api.type"] == "chat_completions"
    assert len(exporter.get_finished_spans()) == 1


def test_other_exporters_of_the_app_keep_what_the_other_library_records(
    client: openai.OpenAI, captured: Captured
) -> None:
    skip_if_refused(OpenInference)
    exporter = InMemorySpanExporter()
    beside: SpanProcessor = SimpleSpanProcessor(exporter)
    provider = testing._provider()
    provider.add_span_processor(beside)
    try:
        with switched_on(OpenInference, provider):
            client.chat.completions.create(**ASK)
    finally:
        processors = provider._active_span_processor
        processors._span_processors = tuple(
            each for each in processors._span_processors if each is not beside
        )

    assert [span.name for span in captured.spans] == [f"chat {MODEL}"]
    assert [span.name for span in exporter.get_finished_spans()] == [
        "ChatCompletion",
        f"chat {MODEL}",
    ]


@pytest.fixture
def seen_by_http(base_url: str) -> Iterator[tuple[openai.OpenAI, list[bool]]]:
    """A wrapped client whose HTTP client makes spans, unless that is suppressed."""
    http = testing._provider().get_tracer("of the http client")
    enabled: list[bool] = []

    def sending(request: Any) -> None:
        enabled.append(is_instrumentation_enabled() and is_http_enabled())
        http.start_span("POST").end()

    hooks: Any = {"request": [sending]}
    http_client = openai.DefaultHttpxClient(event_hooks=hooks)
    with openai.OpenAI(
        base_url=base_url, api_key="key", http_client=http_client
    ) as client:
        yield tracer.wrap_openai(client), enabled


def test_instrumentation_of_the_http_client_goes_on(
    seen_by_http: tuple[openai.OpenAI, list[bool]], captured: Captured
) -> None:
    client, enabled = seen_by_http
    client.chat.completions.create(**ASK)

    assert enabled == [True]
    post, call = captured.spans
    assert post.parent_span_id == call.span_id


def test_the_request_hangs_below_the_call_where_theirs_is_left_out(
    seen_by_http: tuple[openai.OpenAI, list[bool]], captured: Captured
) -> None:
    client, enabled = seen_by_http
    skip_if_refused(OpenInference)
    with switched_on(OpenInference, testing._provider()):
        client.chat.completions.create(**ASK)

    assert enabled == [True]
    assert [span.name for span in captured.spans] == ["POST", f"chat {MODEL}"]
    post, call = captured.spans
    assert post.parent_span_id == call.span_id


def test_a_third_span_of_the_call_below_theirs_is_left_out_as_well(
    base_url: str, captured: Captured
) -> None:
    skip_if_refused(OpenInference)
    third = testing._provider().get_tracer("of a third library")

    again = {"gen_ai.operation.name": "chat", "gen_ai.request.model": MODEL}

    def sending(request: Any) -> None:
        third.start_span("again", attributes=again).end()

    hooks: Any = {"request": [sending]}
    http_client = openai.DefaultHttpxClient(event_hooks=hooks)
    with openai.OpenAI(
        base_url=base_url, api_key="key", http_client=http_client
    ) as client:
        with switched_on(OpenInference, testing._provider()):
            tracer.wrap_openai(client).chat.completions.create(**ASK)

    assert [span.name for span in captured.spans] == [f"chat {MODEL}"]


@pytest.mark.parametrize("key", [None, "suppress_language_model_instrumentation"])
def test_where_instrumentation_is_suppressed_nothing_is_recorded(
    client: openai.OpenAI, captured: Captured, key: str | None
) -> None:
    if key is None:
        with suppress_instrumentation():
            client.chat.completions.create(**ASK)
    else:
        token = otel_context.attach(otel_context.set_value(key, True))
        client.chat.completions.create(**ASK)
        otel_context.detach(token)

    assert captured.spans == []


async def test_where_instrumentation_is_suppressed_no_asynchronous_call_is_recorded(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    with suppress_instrumentation():
        await async_client.chat.completions.create(**ASK)

    assert captured.spans == []


def test_a_traced_function_of_kind_llm_is_no_other_instrumentation(
    client: openai.OpenAI, captured: Captured
) -> None:
    @tracer.trace(kind="llm")
    def complete() -> None:
        client.chat.completions.create(**ASK)

    complete()

    call, function = captured.spans
    assert (call.name, function.name) == (f"chat {MODEL}", "complete")
    assert call.parent_span_id == function.span_id


@pytest.mark.parametrize(
    "attributes",
    [
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": MODEL},
        {"gen_ai.operation.name": "chat"},
        {"openinference.span.kind": "LLM"},
        {"langfuse.observation.type": "generation"},
    ],
    ids=["agent", "chat", "openinference", "langfuse"],
)
def test_a_function_that_the_app_traces_by_another_library_is_no_model_call(
    client: openai.OpenAI, captured: Captured, attributes: dict[str, str]
) -> None:
    app = testing._provider().get_tracer("of the app")
    with app.start_as_current_span("turn", attributes=attributes):
        client.chat.completions.create(**ASK)
        client.chat.completions.create(**ASK)

    assert len(captured.spans) == 3


@pytest.mark.parametrize(
    "attributes",
    [
        {"gen_ai.operation.name": "chat", "gen_ai.request.model": MODEL},
        {
            "langfuse.observation.type": "generation",
            "langfuse.observation.model.name": MODEL,
        },
    ],
    ids=["convention", "langfuse"],
)
def test_a_frameworks_own_span_of_the_call_is_the_one_that_is_kept(
    client: openai.OpenAI, captured: Captured, attributes: dict[str, str]
) -> None:
    framework = testing._provider().get_tracer("of a framework")
    with framework.start_as_current_span("call", attributes=attributes):
        client.chat.completions.create(**ASK)

    assert [span.name for span in captured.spans] == ["call"]


def test_a_service_that_is_called_in_this_process_records_its_own_calls(
    client: openai.OpenAI, base_url: str, captured: Captured
) -> None:
    def forwarding(request: Any) -> None:
        client.chat.completions.create(**ASK)

    hooks: Any = {"request": [forwarding]}
    http_client = openai.DefaultHttpxClient(event_hooks=hooks)
    with openai.OpenAI(
        base_url=base_url, api_key="key", http_client=http_client
    ) as proxied:
        tracer.wrap_openai(proxied).chat.completions.create(**ASK)

    assert len(captured.spans) == 2


PROGRAM = """
import sys
import openai, tracer
from opentelemetry import trace as otel
from opentelemetry.sdk.trace import TracerProvider
vendor = __import__(sys.argv[3], fromlist=["OpenAIInstrumentor"]).OpenAIInstrumentor()

provider = TracerProvider()
otel.set_tracer_provider(provider)
vendor.instrument()
tracer.configure(endpoint=sys.argv[1], project="neighbours")
tracer.instrument_openai()

client = openai.OpenAI(base_url=sys.argv[2], api_key="key")
ask = dict(model="gpt-4o-mini", messages=[{"role": "user", "content": "hi"}])
client.chat.completions.create(**ask)
list(client.chat.completions.create(**ask, stream=True))
tracer.wrap_openai(client).chat.completions.create(**ask)
"""


@pytest.mark.parametrize("vendor", [OpenInference, GenAi])
def test_a_collector_gets_one_span_of_a_model_for_each_call_of_a_program(
    sink: OtlpSink, base_url: str, vendor: Vendor
) -> None:
    skip_if_refused(vendor)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, sink.url, base_url, vendor.__module__],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")

    attributes = [
        plain(span.attributes)
        for received in sink.accepted
        for resource in received.traces.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert len([each for each in attributes if is_model_call(each)]) == 3

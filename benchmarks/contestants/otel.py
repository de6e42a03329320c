"""OpenTelemetry's own SDK: an empty span, and one with arguments and result."""

import functools
import inspect
import json
from collections.abc import Iterator
from typing import Any

from benchmarks.contestants.base import Contestant, Function


class Sdk(Contestant):
    """The SDK's empty span with its own batch processor and exporter: the yardstick."""

    title, environment, is_peer = "SDK, empty span", "sdk", False
    distribution = "opentelemetry-sdk"
    imports = (
        "import opentelemetry.sdk.trace.export, "
        "opentelemetry.exporter.otlp.proto.http.trace_exporter"
    )

    def variables(self, url: str) -> dict[str, str]:
        return {
            "OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental",
            "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "span_only",
        }

    def set_up(self, url: str) -> None:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        self.provider = TracerProvider()
        exporter = OTLPSpanExporter(endpoint=f"{url}/v1/traces")
        self.provider.add_span_processor(BatchSpanProcessor(exporter))
        trace.set_tracer_provider(self.provider)
        self.tracer = self.provider.get_tracer("bench")

    def decorate(self, function: Function) -> Function:
        tracer, name = self.tracer, function.__name__

        @functools.wraps(function)
        def plain(*args: Any, **kwargs: Any) -> Any:
            with tracer.start_as_current_span(name):
                return function(*args, **kwargs)

        @functools.wraps(function)
        async def coroutine(*args: Any, **kwargs: Any) -> Any:
            with tracer.start_as_current_span(name):
                return await function(*args, **kwargs)

        @functools.wraps(function)
        def generator(*args: Any, **kwargs: Any) -> Iterator[Any]:
            with tracer.start_as_current_span(name):
                yield from function(*args, **kwargs)

        return _form_of(function, plain, coroutine, generator)

    def wrap(self, make: Function) -> Any:
        from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor

        OpenAIInstrumentor().instrument(tracer_provider=self.provider)
        return make()

    def flush(self) -> object:
        return self.provider.force_flush()


class SdkJson(Sdk):
    """The same with bound arguments and the result as JSON: written by hand."""

    title = "SDK, bind + 2 JSON attributes"

    def decorate(self, function: Function) -> Function:
        tracer, name = self.tracer, function.__name__
        bind, dumps = inspect.signature(function).bind, json.dumps

        def given(args: Any, kwargs: Any) -> str:
            return dumps(bind(*args, **kwargs).arguments, default=str)

        @functools.wraps(function)
        def plain(*args: Any, **kwargs: Any) -> Any:
            with tracer.start_as_current_span(name) as span:
                span.set_attribute("input.value", given(args, kwargs))
                result = function(*args, **kwargs)
                span.set_attribute("output.value", dumps(result, default=str))
                return result

        @functools.wraps(function)
        async def coroutine(*args: Any, **kwargs: Any) -> Any:
            with tracer.start_as_current_span(name) as span:
                span.set_attribute("input.value", given(args, kwargs))
                result = await function(*args, **kwargs)
                span.set_attribute("output.value", dumps(result, default=str))
                return result

        @functools.wraps(function)
        def generator(*args: Any, **kwargs: Any) -> Iterator[Any]:
            with tracer.start_as_current_span(name) as span:
                span.set_attribute("input.value", given(args, kwargs))
                pieces = []
                for piece in function(*args, **kwargs):
                    pieces.append(piece)
                    yield piece
                span.set_attribute("output.value", dumps(pieces, default=str))

        return _form_of(function, plain, coroutine, generator)


def _form_of(
    function: Function, plain: Function, coroutine: Function, generator: Function
) -> Function:
    if inspect.iscoroutinefunction(function):
        return coroutine
    return generator if inspect.isgeneratorfunction(function) else plain

"""OpenInference: its own decorators, context managers and the OpenAI instrumentor."""

import story
from openai import OpenAI
from openinference.instrumentation import OITracer, TraceConfig, using_attributes
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from story import STORY

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
OpenAIInstrumentor().instrument(tracer_provider=provider)
tracer = OITracer(provider.get_tracer("support"), TraceConfig())


def search(question: str) -> list[str]:
    kind = {"openinference_span_kind": "retriever"}
    with tracer.start_as_current_span("search", **kind) as span:
        span.set_input(question)
        found = story.search(question)
        for place, text in enumerate(found):
            key = f"retrieval.documents.{place}.document"
            span.set_attribute(f"{key}.content", text)
            span.set_attribute(f"{key}.score", 0.9 - place / 10)
        return found


@tracer.tool(name="order_status")
def order_status(order_id: str) -> str:
    return story.order_status(order_id)


def answer() -> None:
    kind = {"openinference_span_kind": "chain"}
    with tracer.start_as_current_span("answer", **kind) as span:
        span.set_input(STORY["question"])
        span.set_output(story.tell(OpenAI(), search=search, order_status=order_status))
        score = STORY["score"]
        key = "annotations.0.annotation"
        span.set_attribute(f"{key}.name", score["name"])
        span.set_attribute(f"{key}.score", score["value"])
        span.set_attribute(f"{key}.explanation", score["explanation"])
        span.set_attribute(f"{key}.annotator_kind", "HUMAN")


with using_attributes(
    user_id=STORY["user"],
    session_id=STORY["session"],
    tags=STORY["tags"],
    metadata=STORY["metadata"],
    prompt_template=STORY["system"],
    prompt_template_version=STORY["prompt"]["version"],
    prompt_template_variables={"language": "ko"},
):
    answer()
provider.shutdown()

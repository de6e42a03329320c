"""A FastAPI app that uses OpenTelemetry already, and tracer beside it.

Run it from a clone:

    pip install fastapi uvicorn openai opentelemetry-instrumentation-fastapi
    tracer up                           # in one terminal
    uvicorn examples.fastapi_app:app    # in another; needs OPENAI_API_KEY (*)

    curl -N -D - localhost:8000/ask -H 'x-user: ann' \
        --json '{"question": "How long does delivery take?"}'
    curl localhost:8000/feedback -H 'x-user: ann' \
        --json '{"trace_id": "what x-trace-id said", "helpful": true}'

(*) Without a key: `python -m examples.openai_server --port 9000`, then
OPENAI_BASE_URL=http://127.0.0.1:9000/v1 and OPENAI_API_KEY=none.

It shows a streamed answer that is one span from first word to last, below the span of
the HTTP request that OpenTelemetry makes anyway; whom it is for, on all that is done
below; and what the user thought of the answer, as a score of the same trace. The app's
own exporter goes on as before and sees none of the words.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import FastAPI, Header
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI
from opentelemetry import trace
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

import tracer

# What such an app has already: a provider of its own, and where its spans go. Here the
# console, in place of a BatchSpanProcessor with the exporter for Jaeger, Tempo …
provider = TracerProvider(resource=Resource.create({"service.name": "shop"}))
provider.add_span_processor(
    SimpleSpanProcessor(
        ConsoleSpanExporter(
            formatter=lambda span: f"{span.name} {dict(span.attributes or {})}\n"
        )
    )
)
trace.set_tracer_provider(provider)

# What is new. After the provider: it is extended then, not replaced.
tracer.configure(project="fastapi-app")
client = tracer.wrap_openai(AsyncOpenAI())

INSTRUCTIONS = """Answer politely, with every fact, from this passage:
<passage lang="en">Delivery takes 2 to 3 days. It is free from 30 dollars.</passage>"""


class Who:
    """Say whom each request is for; every span below the request's carries it.

    A plain ASGI middleware, so that it holds while the answer streams, too. It must
    stand within OpenTelemetry's, which begins each request with an empty context.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(raw=scope.get("headers", []))
        with tracer.using(
            user_id=headers.get("x-user"), session_id=headers.get("x-session")
        ):
            await self._app(scope, receive, send)


class Question(BaseModel):
    """What somebody asks."""

    question: str


class Feedback(BaseModel):
    """What somebody thought of an answer."""

    trace_id: str
    helpful: bool
    comment: str | None = None


app = FastAPI()
app.add_middleware(Who)
# A stream sends a message for each piece: without `exclude_spans` each is a span.
FastAPIInstrumentor.instrument_app(app, exclude_spans=["receive", "send"])


@app.post("/ask")
async def ask(asked: Question) -> StreamingResponse:
    """Stream the answer; a header names the trace, for the feedback."""
    trace_id = tracer.current_span().trace_id  # of the request's own span
    return StreamingResponse(
        answer(asked.question),
        media_type="text/plain; charset=utf-8",
        headers={"x-trace-id": trace_id},
    )


@tracer.trace(kind="chain", accumulate="".join)
async def answer(question: str) -> AsyncIterator[str]:
    """Yield the answer piece by piece; `accumulate` records it as one text."""
    stream = await client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[
            {"role": "system", "content": INSTRUCTIONS},
            {"role": "user", "content": question},
        ],
        stream=True,
        stream_options={"include_usage": True},  # else nobody knows the tokens
    )
    async for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            yield chunk.choices[0].delta.content


@app.post("/feedback", status_code=204)
async def feedback(
    given: Feedback, x_user: Annotated[str | None, Header()] = None
) -> None:
    """Keep what a user thought, now or days later; the same user again corrects it."""
    tracer.score(
        "helpful",
        given.helpful,
        comment=given.comment,
        trace_id=given.trace_id,
        author=x_user,
    )

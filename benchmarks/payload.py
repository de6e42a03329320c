"""Requests as production sends them: agents that call models and tools."""

import gzip
import json
import random
import time
from collections.abc import Iterator

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, TraceFlags

from tracer._delivery.encoder import Encoder, Item

SPANS_IN_TRACE, SPANS_IN_REQUEST = 10, 512
_LETTERS = "aeiou" + "bcdfghklmnprst" * 2
_RESOURCE = Resource({"service.name": "bench"})
_SCOPE = InstrumentationScope("bench")


class Writer:
    """Writes traces of one agent, five model calls and four tools; seeded."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._words = [self._word() for _ in range(20_000)]
        # some words are frequent and most are rare, so that it compresses like prose
        self._weights = [1 / rank for rank in range(1, len(self._words) + 1)]

    def trace(self, start_ns: int) -> Iterator[Item]:
        """Yield the spans of one trace, the agent first."""
        trace_id = self._rng.getrandbits(128)
        root = self._context(trace_id)
        yield self._span("agent", root, None, start_ns, {"tracer.input": 400})
        for number in range(1, SPANS_IN_TRACE):
            at_ns = start_ns + number * 200_000_000
            is_model = number % 2 == 1
            content = (
                {"gen_ai.input.messages": 2500, "gen_ai.output.messages": 1500}
                if is_model
                else {"tracer.input": 150, "tracer.output": 300}
            )
            name = "chat gpt-4o-mini" if is_model else "execute_tool search"
            yield self._span(name, self._context(trace_id), root, at_ns, content)

    def _span(
        self,
        name: str,
        context: SpanContext,
        parent: SpanContext | None,
        start_ns: int,
        content: dict[str, int],
    ) -> Item:
        attributes: dict[str, str | int] = {
            "user.id": f"user-{self._rng.randrange(2000)}",
            "session.id": f"session-{context.trace_id % 5000}",
            "tracer.metadata.department": self._rng.choice(("sales", "support", "it")),
        }
        if name.startswith("chat"):
            attributes |= {
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "openai",
                "gen_ai.request.model": "gpt-4o-mini",
                "gen_ai.usage.input_tokens": self._rng.randrange(2000),
                "gen_ai.usage.output_tokens": self._rng.randrange(500),
            }
        span = ReadableSpan(
            name,
            context=context,
            parent=parent,
            resource=_RESOURCE,
            instrumentation_scope=_SCOPE,
            attributes=attributes,
            start_time=start_ns,
            end_time=start_ns + self._rng.randrange(1, 3_000_000_000),
        )
        told = {key: self._text(length) for key, length in content.items()}
        return (span, told)

    def _context(self, trace_id: int) -> SpanContext:
        return SpanContext(
            trace_id,
            self._rng.getrandbits(64),
            is_remote=False,
            trace_flags=TraceFlags(1),
        )

    def _text(self, n_bytes: int) -> bytes:
        words = self._rng.choices(self._words, self._weights, k=n_bytes // 6)
        return json.dumps([{"role": "user", "content": " ".join(words)}]).encode()

    def _word(self) -> str:
        length = self._rng.randrange(2, 10)
        return "".join(self._rng.choices(_LETTERS, k=length))


def requests(
    n_requests: int, *, seed: int = 0, n_spans: int = SPANS_IN_REQUEST
) -> list[bytes]:
    """Return gzipped OTLP trace requests over the last day, so many spans each."""
    writer = Writer(seed)
    encoder = Encoder({"tracer.project": "bench"}, instance_id=f"bench-{seed}")
    n_traces = n_requests * n_spans // SPANS_IN_TRACE + 1
    now_ns, day_ns = time.time_ns(), 86_400 * 10**9
    items = [
        item
        for number in range(n_traces)
        for item in writer.trace(now_ns - day_ns + number * day_ns // n_traces)
    ]
    return [
        batch.body
        for at in range(0, n_requests * n_spans, n_spans)
        for batch in encoder.batches(items[at : at + n_spans])
    ]


def plain_bytes(bodies: list[bytes]) -> int:
    """Return the size of requests before compression."""
    return sum(len(gzip.decompress(body)) for body in bodies)

"""An embeddings call becomes one span: texts in, size out, never the vectors."""

import openai

from tracer.testing import Captured

MODEL = "text-embedding-3-small"


def test_embeddings_are_one_span_with_texts_and_size(
    client: openai.OpenAI, captured: Captured
) -> None:
    answered = client.embeddings.create(model=MODEL, input=["환불", "refund"])

    [span] = captured.spans
    assert (span.name, span.kind) == (f"embeddings {MODEL}", "embedding")
    assert span.attributes == {
        "gen_ai.operation.name": "embeddings",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": MODEL,
        "gen_ai.request.encoding_formats": ("base64",),
        "server.address": "127.0.0.1",
        "server.port": client.base_url.port,
        "gen_ai.response.model": MODEL,
        "gen_ai.embeddings.dimension.count": 512,
        "gen_ai.usage.input_tokens": answered.usage.prompt_tokens,
        "tracer.response.request_id": "req_local",
    }
    assert span.content == {"tracer.input": ["환불", "refund"]}


async def test_asked_dimensions_are_recorded(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    answered = await async_client.embeddings.create(
        model=MODEL, input="hi", dimensions=64, encoding_format="float"
    )

    found = captured.spans[0].attributes
    assert len(answered.data[0].embedding) == 64
    assert found["gen_ai.embeddings.dimension.count"] == 64
    assert found["gen_ai.request.encoding_formats"] == ("float",)


def test_raw_embeddings_are_recorded_too(
    client: openai.OpenAI, captured: Captured
) -> None:
    raw = client.embeddings.with_raw_response.create(model=MODEL, input="hi")

    assert raw.parse().usage.prompt_tokens == 1
    assert captured.spans[0].attributes["gen_ai.usage.input_tokens"] == 1

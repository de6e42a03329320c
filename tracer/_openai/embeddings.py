"""Embeddings: the texts that go in and the size of the vectors, never the vectors."""

from collections.abc import Mapping
from typing import Any

from tracer import semconv
from tracer._openai.fields import Reading, get, items, text, typed
from tracer._openai.usage import chat_usage


def read_request(body: Mapping[str, Any]) -> Reading:
    """Return what an embeddings request asks for."""
    attributes = typed(body, ((semconv.EMBEDDINGS_DIMENSION_COUNT, "dimensions", int),))
    if encoding := text(body, "encoding_format"):
        attributes[semconv.REQUEST_ENCODING_FORMATS] = [encoding]
    return Reading(attributes, {semconv.INPUT: get(body, "input")})


def read_response(response: Any) -> Reading:
    """Return what an embeddings response tells: model, size, tokens."""
    attributes = typed(response, ((semconv.RESPONSE_MODEL, "model", str),))
    usage = chat_usage(get(response, "usage"))
    usage.pop(semconv.USAGE_OUTPUT_TOKENS, None)
    for embedding in items(response, "data")[:1]:
        vector = items(embedding, "embedding")
        if vector:
            attributes[semconv.EMBEDDINGS_DIMENSION_COUNT] = len(vector)
    return Reading(attributes | usage)

"""Embeddings: the texts that go in and the size of the vectors, never the vectors."""

from collections.abc import Mapping
from typing import Any, Final

from tracer import semconv
from tracer._openai.fields import Reading, Wanted, fields_of, items, text, typed
from tracer._openai.lean import base64_size
from tracer._openai.settings import request_settings
from tracer._openai.usage import usage_attributes

_BYTES_A_NUMBER: Final = 4
_RESPONSE: Final[Wanted] = {"model": (semconv.RESPONSE_MODEL, str)}


def read_request(body: Mapping[str, Any]) -> Reading:
    """Return what an embeddings request asks for."""
    return Reading(request_settings(body), {semconv.INPUT: body.get("input")})


def read_response(response: Any) -> Reading:
    """Return what an embeddings response tells: model, size, tokens."""
    fields = fields_of(response)
    attributes = typed(fields, _RESPONSE)
    attributes.update(usage_attributes(fields.get("usage")))
    attributes.pop(semconv.USAGE_OUTPUT_TOKENS, None)
    for embedding in items(fields, "data")[:1]:
        vector = items(embedding, "embedding")
        packed = base64_size(text(embedding, "embedding")) // _BYTES_A_NUMBER
        if n_dimensions := len(vector) or packed:
            attributes[semconv.EMBEDDINGS_DIMENSION_COUNT] = n_dimensions
    return Reading(attributes)

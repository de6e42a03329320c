"""Embeddings that rank by shared words and letter groups, in any language."""

import base64
import math
import re
import struct
import zlib
from typing import Any

from examples.openai_server.tokens import count

DIMENSIONS = 512


def embed(text: str, *, dimensions: int = DIMENSIONS) -> list[float]:
    """Return a unit vector: words weigh most, then groups of two and three letters.

    Korean particles stick to their nouns, so letter groups carry it.
    """
    vector = [0.0] * dimensions
    for word in re.findall(r"[a-z0-9]+|[\uac00-\ud7a3]+", text.lower()):
        features = {word: 2.0}
        for size in (2, 3):
            for start in range(len(word) - size + 1):
                features[f"#{word[start : start + size]}"] = 1.0
        for feature, weight in features.items():
            digest = zlib.crc32(feature.encode())
            vector[digest % dimensions] += weight if digest & 0x10000 else -weight
    norm = math.sqrt(sum(value * value for value in vector)) or 1.0
    return [value / norm for value in vector]


def embeddings_response(body: dict[str, Any]) -> dict[str, Any]:
    """Answer one embeddings request as the API does, as floats or base64."""
    given = body["input"]
    texts = [given] if isinstance(given, str) else list(given)
    n_tokens = sum(count(text) for text in texts)
    as_base64 = body.get("encoding_format") == "base64"
    dimensions = body.get("dimensions") or DIMENSIONS
    return {
        "object": "list",
        "model": body["model"],
        "data": [
            {"object": "embedding", "index": index, "embedding": value}
            for index, value in enumerate(
                _encode(embed(text, dimensions=dimensions), as_base64=as_base64)
                for text in texts
            )
        ],
        "usage": {"prompt_tokens": n_tokens, "total_tokens": n_tokens},
    }


def _encode(vector: list[float], *, as_base64: bool) -> list[float] | str:
    if not as_base64:
        return vector
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()

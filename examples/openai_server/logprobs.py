"""How sure the model says it was: made up, but the same every time."""

import zlib
from collections.abc import Sequence
from typing import Any

from examples.openai_server.tokens import pieces


def logprob(token: str) -> float:
    """Return a number below zero that belongs to the token."""
    return -(zlib.crc32(token.encode()) % 4_000 + 1) / 1_000


def of_chat(text: str, n_others: int) -> dict[str, Any]:
    """Return logprobs as chat completions give them, with other tokens beside each."""
    return {"content": [_entry(token, n_others) for token in pieces(text)]}


def of_text(text: str) -> dict[str, Any]:
    """Return logprobs as text completions give them."""
    tokens = pieces(text)
    return {
        "tokens": tokens,
        "token_logprobs": [logprob(token) for token in tokens],
        "top_logprobs": None,
        "text_offset": _offsets(tokens),
    }


def _entry(token: str, n_others: int) -> dict[str, Any]:
    others = [f"{token}{n}" for n in range(n_others)]
    return _plain(token) | {"top_logprobs": [_plain(other) for other in others]}


def _plain(token: str) -> dict[str, Any]:
    return {
        "token": token,
        "logprob": logprob(token),
        "bytes": list(token.encode()),
    }


def _offsets(tokens: Sequence[str]) -> list[int]:
    offsets, place = [], 0
    for token in tokens:
        offsets.append(place)
        place += len(token)
    return offsets

"""Server-sent events, and the ways in which a stream goes wrong."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from examples.openai_server.failures import error_body

_GOOD_CHUNKS = 3
"""Chunks that arrive before a stream goes wrong."""

_NAMED_HEAD = 2
"""Events that the Responses API sends before its first words, beyond chat's one."""


async def event_stream(
    chunks: Iterable[Mapping[str, Any]], *, scenario: str = "", named: bool = False
) -> AsyncIterator[bytes]:
    """Yield chunks as events; ``named`` events carry their type and no ``[DONE]``.

    Scenarios: ``error-mid-stream``, ``disconnect-mid-stream``, ``stall-mid-stream``,
    ``stall-before-stream``.
    """
    if scenario == "stall-before-stream":
        await asyncio.Event().wait()
    good = _GOOD_CHUNKS + (_NAMED_HEAD if named else 0)
    for sent, chunk in enumerate(chunks):
        if sent == good:
            if scenario == "error-mid-stream":
                message = "The server had an error while answering."
                yield _event(error_body(message, "server_error", None))
                return
            if scenario == "disconnect-mid-stream":
                raise ConnectionResetError("the connection is cut on purpose")
            if scenario == "stall-mid-stream":
                await asyncio.Event().wait()
        yield _event(chunk, name=str(chunk["type"]) if named else None)
        await asyncio.sleep(0)
    if not named:
        yield b"data: [DONE]\n\n"


def _event(data: Mapping[str, Any], *, name: str | None = None) -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()

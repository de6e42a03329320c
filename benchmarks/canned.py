"""A transport for the openai client that answers from memory: no network, no server.

What remains of a call is the client's own work, and the tracing.
"""

import json
from collections.abc import Iterator
from typing import Any

import httpx2

N_CHUNKS = 201
_NAMES = {"id": "chatcmpl-1", "created": 1, "model": "gpt-4o-mini"}
_REPLY = " ".join(f"word{number}" for number in range(300))


def _usage(n_tokens: int) -> dict[str, int]:
    total = n_tokens + 20
    return {
        "prompt_tokens": 20,
        "completion_tokens": n_tokens,
        "total_tokens": total,
    }


def _chunk(choices: list[dict[str, Any]], usage: object = None) -> bytes:
    named = {**_NAMES, "object": "chat.completion.chunk"}
    return (
        b"data: %b\n\n"
        % json.dumps({**named, "choices": choices, "usage": usage}).encode()
    )


def _choice(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return _chunk([choice | {"logprobs": None}])


PLAIN = json.dumps(
    {
        **_NAMES,
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "logprobs": None,
                "message": {"role": "assistant", "content": _REPLY, "refusal": None},
            }
        ],
        "usage": _usage(300),
    }
).encode()

EVENTS = [
    _choice({"role": "assistant", "content": ""}),
    *(_choice({"content": f"part{number} "}) for number in range(N_CHUNKS - 3)),
    _choice({}, "stop"),
    _chunk([], _usage(198)),
    b"data: [DONE]\n\n",
]


class _Events(httpx2.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield from EVENTS


class Canned(httpx2.BaseTransport):
    """Answers every chat completion with the same words, streamed if asked."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = request.read()
        if b'"stream":true' in body:
            kind = {"content-type": "text/event-stream"}
            return httpx2.Response(200, headers=kind, stream=_Events())
        kind = {"content-type": "application/json"}
        return httpx2.Response(200, headers=kind, content=PLAIN)


def http_client() -> httpx2.Client:
    return httpx2.Client(transport=Canned())

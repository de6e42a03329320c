"""The OpenAI-compatible server, with a note of what was asked and answered.

The note is the truth that a sender's telemetry is held against.
"""

import json
import socket
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from examples.openai_server.app import create_app

Message = MutableMapping[str, Any]


@dataclass
class ModelServer:
    """Where it listens and what was said."""

    base_url: str = ""
    """Ends in /v1."""

    exchanges: list[dict[str, Any]] = field(default_factory=list)
    """``path request status answer`` of each call, in the order of their answers."""


@contextmanager
def serving() -> Iterator[ModelServer]:
    """Answer on a free port until the block ends."""
    found = ModelServer()
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        _noting(create_app(seed=1), found.exchanges),
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws="none",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    found.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    try:
        yield found
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _noting(app: Any, exchanges: list[dict[str, Any]]) -> Any:
    async def noted(scope: Message, receive: Any, send: Any) -> None:
        asked, answered, status = bytearray(), bytearray(), 0

        async def receiving() -> Message:
            message: Message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def sending(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            answered.extend(message.get("body", b""))
            await send(message)

        await app(scope, receiving, sending)
        if asked:
            request = json.loads(bytes(asked))
            exchange = {"path": scope["path"], "request": request, "status": status}
            exchanges.append(exchange | {"answer": _answer(bytes(answered))})

    return noted


def _answer(body: bytes) -> Any:
    """Return what was answered, a stream put together again, vectors left out."""
    text = body.decode()
    if not text.startswith(("data:", "event:")):
        answer = json.loads(text)
        answer.pop("data", None)
        return answer
    lines = [line[6:] for line in text.splitlines() if line.startswith("data: ")]
    events = [json.loads(line) for line in lines if line != "[DONE]"]
    if events[-1].get("type", "").startswith("response."):
        return events[-1]["response"]
    deltas = [part["delta"] for each in events for part in each["choices"]]
    content = "".join(delta.get("content") or "" for delta in deltas)
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return events[-1] | {"choices": [choice]}

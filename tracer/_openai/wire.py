"""Answers that the user reads raw: what the bytes say, once they have all gone by."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from tracer._openai.endpoints import Joiner


class WireJoiner:
    """Reads a JSON body, or the events of a stream, from bytes as they were served."""

    def __init__(self, joiner: Joiner | None) -> None:
        self._joiner = joiner
        self._pieces: list[bytes] = []

    def add(self, chunks: Iterable[bytes]) -> None:
        """Take further bytes, in their order."""
        self._pieces.extend(chunks)

    def joined(self) -> Any:
        """Return the answer as far as it came; None if it is no JSON and no events."""
        body = b"".join(self._pieces)
        if body.lstrip()[:1] in (b"{", b"["):
            return _json_or_none(body)
        if self._joiner is None:
            return None
        self._joiner.add(_events(body))
        return self._joiner.joined()


def _events(body: bytes) -> Iterator[Any]:
    for line in body.splitlines():
        if line.startswith(b"data:"):
            event = _json_or_none(line[5:])
            if event is not None:
                yield event


def _json_or_none(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None

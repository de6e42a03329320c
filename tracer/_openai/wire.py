"""Answers that the user reads raw: what the bytes say, as they go by."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson

from tracer._openai.joiner import FEW, Joiner

EVENT_STREAM: Final = "text/event-stream"


def content_type(response: Any) -> str:
    """Return the type of an HTTP response without its parameters."""
    given = response.headers.get("content-type") or ""
    return str(given).partition(";")[0].strip().lower()


class WireJoiner:
    """Reads a JSON body, a text, or the events of a stream, from bytes as served.

    Events are read as they come, so of a stream no more is kept than its joiner keeps.
    """

    def __init__(self, joiner: Joiner | None, mime_type: str = "") -> None:
        self.fold_every = joiner.fold_every if joiner else FEW
        self._joiner = joiner
        self._is_text = mime_type.startswith("text/") and mime_type != EVENT_STREAM
        self._rest = bytearray()
        self._is_events: bool | None = None

    def add(self, chunks: Iterable[bytes]) -> None:
        """Take further bytes, in their order."""
        for chunk in chunks:
            self._rest += chunk
        if self._is_events is None and (begun := bytes(self._rest[:64]).lstrip()[:1]):
            is_json = begun in (b"{", b"[")
            self._is_events = not (is_json or self._is_text or self._joiner is None)
        if self._is_events:
            end = self._rest.rfind(b"\n") + 1
            self._read(bytes(self._rest[:end]))
            del self._rest[:end]

    def joined(self) -> Any:
        """Return the answer as far as it came; None if it is nothing of the kind."""
        if self._joiner is not None and self._is_events is not False:
            self._read(bytes(self._rest))
            self._rest.clear()
            return self._joiner.joined()
        answer = _json_or_none(self._rest)
        if answer is None and self._is_text:
            return self._rest.decode(errors="replace")
        return answer

    def _read(self, lines: bytes) -> None:
        if self._joiner is not None:
            self._joiner.add(_events(lines))


def _events(body: bytes) -> Iterator[Any]:
    for line in body.splitlines():
        if line.startswith(b"data:"):
            event = _json_or_none(line[5:])
            if event is not None:
                yield event


def _json_or_none(data: bytes | bytearray) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None

"""Which calls are recorded, and who reads what they ask, answer and stream."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tracer._openai import chat, embeddings, responses
from tracer._openai.chat_stream import ChatJoiner
from tracer._openai.fields import Reading
from tracer._openai.responses_stream import ResponsesJoiner


class Joiner(Protocol):
    """Makes of the chunks of a stream what the call would have answered unstreamed."""

    def add(self, chunks: Iterable[Any], /) -> None:
        """Take further chunks, in their order."""

    def joined(self) -> Any:
        """Return the answer as far as it came."""


@dataclass(frozen=True)
class Endpoint:
    """One path of the API that is recorded."""

    operation: str
    """The convention's operation; also the first word of the span's name."""

    kind: str
    """Our kind of span."""

    read_request: Callable[[Mapping[str, Any]], Reading]
    """Reads the request's JSON body."""

    read_response: Callable[[Any], Reading]
    """Reads a response: the client's object, or the JSON it was made from."""

    joiner: Callable[[], Joiner] | None = None
    """Makes the joiner for one stream; None where the API does not stream."""


_CHAT = Endpoint("chat", "llm", chat.read_request, chat.read_response, ChatJoiner)
_EMBEDDINGS = Endpoint(
    "embeddings", "embedding", embeddings.read_request, embeddings.read_response
)
_RESPONSES = Endpoint(
    "chat", "llm", responses.read_request, responses.read_response, ResponsesJoiner
)

_ENDPOINTS = {
    ("post", "/chat/completions"): _CHAT,
    ("post", "/embeddings"): _EMBEDDINGS,
    ("post", "/responses"): _RESPONSES,
}


def endpoint_of(method: str, path: str) -> Endpoint | None:
    """Return who reads the calls of a path; None if it is not recorded."""
    return _ENDPOINTS.get((method.lower(), path))

"""Which calls are recorded, and who reads what they ask, answer and stream."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from opentelemetry.util.types import AttributeValue

from tracer import semconv
from tracer._capture.attributes import kind_attributes
from tracer._openai import (
    audio,
    chat,
    completions,
    embeddings,
    images,
    moderations,
    responses,
    stored,
)
from tracer._openai.chat_stream import ChatJoiner
from tracer._openai.fields import Reading
from tracer._openai.joiner import Joiner
from tracer._openai.responses_stream import ResponsesJoiner
from tracer._openai.wire import WireJoiner


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path of the API that is recorded."""

    name: str
    """The first word of the span's name; the model follows."""

    kind: str
    """Our kind of span."""

    operation: str | None
    """The convention's operation; None where it has none for this."""

    read_request: Callable[[Mapping[str, Any]], Reading]
    """Reads what was asked: JSON body, query, ``files`` and the id in the path."""

    read_response: Callable[[Any], Reading]
    """Reads a response: the client's object, or the JSON it was made from."""

    joiner: Callable[[], Joiner] | None = None
    """Makes the joiner for one stream; None where the API does not stream."""

    hides_reasoning: bool = False
    """Whether a stream begins only after the reasoning that it does not tell."""

    binary_joiner: Callable[[str], Joiner] | None = None
    """Makes the joiner for bytes of a type; None where answers are JSON or events."""

    attributes: Mapping[str, AttributeValue] = field(init=False)
    """What every span of it says: its operation, or its kind where there is none."""

    def __post_init__(self) -> None:
        said = kind_attributes(self.kind, self.name)
        if self.operation is not None:
            said = {semconv.OPERATION_NAME: self.operation}
        object.__setattr__(self, "attributes", said)

    def body_joiner(self, mime_type: str) -> Joiner:
        """Return who reads the answer from its bytes, as they go by."""
        if self.binary_joiner is not None:
            return self.binary_joiner(mime_type)
        return WireJoiner(self.joiner() if self.joiner else None, mime_type)


_RESPONSES = (responses.read_request, responses.read_response, ResponsesJoiner)
_IMAGES = (images.read_request, images.read_response, images.ImageJoiner)
_STORED = (stored.read_request, stored.read_response, ResponsesJoiner)

_ENDPOINTS: Final = {
    ("post", "/chat/completions"): Endpoint(
        "chat",
        "llm",
        "chat",
        chat.read_request,
        chat.read_response,
        ChatJoiner,
        hides_reasoning=True,
    ),
    ("post", "/responses"): Endpoint("chat", "llm", "chat", *_RESPONSES),
    ("post", "/responses/compact"): Endpoint(
        "responses.compact",
        "llm",
        "chat",
        responses.read_request,
        responses.read_compaction,
    ),
    ("post", "/completions"): Endpoint(
        "text_completion",
        "llm",
        "text_completion",
        completions.read_request,
        completions.read_response,
        completions.CompletionJoiner,
    ),
    ("post", "/embeddings"): Endpoint(
        "embeddings",
        "embedding",
        "embeddings",
        embeddings.read_request,
        embeddings.read_response,
    ),
    ("post", "/images/generations"): Endpoint(
        "images.generate", "llm", "generate_content", *_IMAGES
    ),
    ("post", "/images/edits"): Endpoint(
        "images.edit", "llm", "generate_content", *_IMAGES
    ),
    ("post", "/images/variations"): Endpoint(
        "images.create_variation", "llm", "generate_content", *_IMAGES
    ),
    ("post", "/audio/speech"): Endpoint(
        "audio.speech",
        "llm",
        "generate_content",
        audio.read_speech_request,
        audio.read_speech,
        binary_joiner=audio.speech_joiner,
    ),
    ("post", "/audio/transcriptions"): Endpoint(
        "audio.transcriptions",
        "llm",
        "generate_content",
        audio.read_transcription_request,
        audio.read_transcription,
        audio.TranscriptionJoiner,
    ),
    ("post", "/audio/translations"): Endpoint(
        "audio.translations",
        "llm",
        "generate_content",
        audio.read_transcription_request,
        audio.read_transcription,
    ),
    ("post", "/moderations"): Endpoint(
        "moderations",
        "guardrail",
        None,
        moderations.read_request,
        moderations.read_response,
    ),
}
_FETCH: Final = Endpoint("fetch_response", "llm", "fetch_response", *_STORED)
_CANCEL: Final = Endpoint("responses.cancel", "span", None, *_STORED)
_BY_ID: Final = "/responses/"


def endpoint_of(method: str, path: str) -> tuple[Endpoint, str] | None:
    """Return who reads the calls of a path, and the id in it ("" if there is none).

    None if the path is not recorded.
    """
    found = _ENDPOINTS.get((method, path)) or _ENDPOINTS.get((method.lower(), path))
    if found is not None:
        return found, ""
    if path.startswith(_BY_ID):
        response_id, _, verb = path[len(_BY_ID) :].partition("/")
        if method.lower() == "get" and not verb:
            return _FETCH, response_id
        if method.lower() == "post" and verb == "cancel":
            return _CANCEL, response_id
    return None

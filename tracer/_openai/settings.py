"""What a request may set, whichever endpoint it goes to: each by its own name.

Only what the caller gave is looked at, so a request costs what it says and no more.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from opentelemetry.util.types import AttributeValue

from tracer import semconv
from tracer._openai.fields import Wanted, get, text, typed
from tracer._openai.lean import lean

Attributes = dict[str, AttributeValue]

_SCALARS: Final[Wanted] = {
    "temperature": (semconv.REQUEST_TEMPERATURE, float),
    "top_p": (semconv.REQUEST_TOP_P, float),
    "top_k": (semconv.REQUEST_TOP_K, int),
    "max_tokens": (semconv.REQUEST_MAX_TOKENS, int),
    "max_completion_tokens": (semconv.REQUEST_MAX_TOKENS, int),
    "max_output_tokens": (semconv.REQUEST_MAX_TOKENS, int),
    "frequency_penalty": (semconv.REQUEST_FREQUENCY_PENALTY, float),
    "presence_penalty": (semconv.REQUEST_PRESENCE_PENALTY, float),
    "seed": (semconv.REQUEST_SEED, int),
    "reasoning_effort": (semconv.REQUEST_REASONING_LEVEL, str),
    "verbosity": (semconv.REQUEST_VERBOSITY, str),
    "previous_response_id": (semconv.REQUEST_PREVIOUS_RESPONSE_ID, str),
    "parallel_tool_calls": (semconv.REQUEST_PARALLEL_TOOL_CALLS, bool),
    "store": (semconv.REQUEST_STORE, bool),
    "prompt_cache_key": (semconv.REQUEST_PROMPT_CACHE_KEY, str),
    "dimensions": (semconv.EMBEDDINGS_DIMENSION_COUNT, int),
    "safety_identifier": (semconv.USER_ID, str),
}
_PROMPT: Final[Wanted] = {
    "id": (semconv.PROMPT_NAME, str),
    "version": (semconv.PROMPT_VERSION, str),
}
_OUTPUT_TYPES: Final = {"json_schema": "json", "json_object": "json", "text": "text"}


def request_settings(body: Mapping[str, Any]) -> Attributes:
    """Return the attributes of every setting that the request makes."""
    attributes = typed(body, _SCALARS)
    for name, value in body.items():
        if name in _READERS and value is not None:
            _READERS[name](attributes, value)
    return attributes


def _stop(attributes: Attributes, value: Any) -> None:
    if isinstance(value, str):
        attributes[semconv.REQUEST_STOP_SEQUENCES] = [value]
    elif value and isinstance(value, (list, tuple)):
        attributes[semconv.REQUEST_STOP_SEQUENCES] = [str(each) for each in value]


def _count(attributes: Attributes, value: Any) -> None:
    if type(value) is int and value != 1:
        attributes[semconv.REQUEST_CHOICE_COUNT] = value


def _tier(attributes: Attributes, value: Any) -> None:
    if isinstance(value, str) and value != "auto":
        attributes[semconv.OPENAI_REQUEST_SERVICE_TIER] = value


def _format(attributes: Attributes, value: Any) -> None:
    """Read the form of the answer as chat completions spell it."""
    if output_type := _OUTPUT_TYPES.get(text(value, "type")):
        attributes.setdefault(semconv.OUTPUT_TYPE, output_type)
    if name := text(get(value, "json_schema") or value, "name"):
        attributes[semconv.REQUEST_SCHEMA] = name


def schema_format(form: Any) -> dict[str, Any]:
    """Return the content that tells which JSON schema the answer has to follow."""
    if text(form, "type") != "json_schema":
        return {}
    return {semconv.REQUEST_FORMAT: lean(form)}


def _text(attributes: Attributes, value: Any) -> None:
    """Read the form of the answer as the Responses API spells it."""
    _format(attributes, get(value, "format"))
    if verbosity := text(value, "verbosity"):
        attributes[semconv.REQUEST_VERBOSITY] = verbosity


def _modalities(attributes: Attributes, value: Any) -> None:
    if isinstance(value, (list, tuple)) and "audio" in value:
        attributes[semconv.OUTPUT_TYPE] = "speech"


def _reasoning(attributes: Attributes, value: Any) -> None:
    if level := text(value, "effort"):
        attributes[semconv.REQUEST_REASONING_LEVEL] = level


def _conversation(attributes: Attributes, value: Any) -> None:
    if given := value if isinstance(value, str) else text(value, "id"):
        attributes[semconv.CONVERSATION_ID] = given


def _prompt(attributes: Attributes, value: Any) -> None:
    """Read a stored prompt; elsewhere the field is the prompt itself."""
    if isinstance(value, Mapping):
        attributes.update(typed(value, _PROMPT))


def _tool_choice(attributes: Attributes, value: Any) -> None:
    chosen = value if isinstance(value, str) else _tool_name(value)
    if chosen:
        attributes[semconv.REQUEST_TOOL_CHOICE] = chosen


def _tool_name(value: Any) -> str:
    kind = text(value, "type")
    return text(get(value, kind), "name") or text(value, "name") or kind


def _user(attributes: Attributes, value: Any) -> None:
    if isinstance(value, str):
        attributes[semconv.USER_ID] = value


def _background(attributes: Attributes, value: Any) -> None:
    if value is True:
        attributes[semconv.REQUEST_BACKGROUND] = True


def _encoding(attributes: Attributes, value: Any) -> None:
    if isinstance(value, str):
        attributes[semconv.REQUEST_ENCODING_FORMATS] = [value]


_READERS: Final[Mapping[str, Callable[[Attributes, Any], None]]] = {
    "stop": _stop,
    "n": _count,
    "service_tier": _tier,
    "response_format": _format,
    "text": _text,
    "modalities": _modalities,
    "reasoning": _reasoning,
    "conversation": _conversation,
    "prompt": _prompt,
    "tool_choice": _tool_choice,
    "user": _user,
    "background": _background,
    "encoding_format": _encoding,
}

"""From what a model said to a judgement: tolerant of the wrapping, else strict.

A reply may be wrapped in words, in a code fence, or stand behind a model's thinking.
What it says must have the form that was asked for, and must say one thing only.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tracer._values.text import clean_text

Schema = Mapping[str, Any]
"""JSON Schema of a reply: objects, arrays, texts, booleans and enumerated integers."""

MOST_SHOWN: Final = 200
"""Characters of a reply that an error quotes."""

_THINKING_ENDS: Final = "</think>"
_BRACES: Final = re.compile(r"[{}]")
_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")


class UnfitReplyError(ValueError):
    """A reply is no judgement; the text says why, fit for the model that wrote it."""


def read_reply(text: str, schema: Schema) -> dict[str, Any]:
    """Return the one object of that form in a model's reply.

    Raises:
        UnfitReplyError: There is none, or there are several that differ.
    """
    found: list[dict[str, Any]] = []
    problem = "there is no JSON object in it"
    for candidate in _objects(text.rpartition(_THINKING_ENDS)[2]):
        try:
            fit = fitted(candidate, schema)
        except UnfitReplyError as error:
            problem = str(error)
            continue
        if fit not in found:
            found.append(fit)
    if len(found) > 1:
        raise UnfitReplyError(f"it has {len(found)} objects that say different things")
    if not found:
        raise UnfitReplyError(problem)
    return found[0]


def fitted(value: Any, schema: Schema, place: str = "the reply") -> Any:
    """Return a value in the schema's form; surplus keys are left out.

    A whole number may be written ``4``, ``4.0`` or ``"4"``, a choice in other letter
    case, true and false as text. Nothing else is bent.

    Raises:
        UnfitReplyError: It has another form; the place is named.
    """
    if schema["type"] == "object":
        return _fitted_object(value, schema, place)
    if schema["type"] == "array":
        if not isinstance(value, list):
            raise _unfit(place, value, "a list")
        items = schema["items"]
        return [fitted(one, items, f"{place}[{i}]") for i, one in enumerate(value)]
    return _LEAVES[schema["type"]](value, schema, place)


def _fitted_object(value: Any, schema: Schema, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _unfit(place, value, "an object")
    properties = schema["properties"]
    missing = [name for name in properties if name not in value]
    if missing:
        raise UnfitReplyError(f"{place} lacks {', '.join(map(repr, missing))}")
    return {
        name: fitted(value[name], one, f"{place}.{name}")
        for name, one in properties.items()
    }


def _text(value: Any, schema: Schema, place: str) -> str:
    choices: Sequence[str] | None = schema.get("enum")
    if not isinstance(value, str):
        raise _unfit(place, value, "a text")
    if choices is None:
        return clean_text(value)  # an escape in JSON can be half a character
    meant = [one for one in choices if one.casefold() == value.strip().casefold()]
    if value in choices:
        return value
    if len(meant) != 1:
        raise _unfit(place, value, f"one of {', '.join(choices)}")
    return meant[0]


def _integer(value: Any, schema: Schema, place: str) -> int:
    number = value
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        number = int(value)
    elif isinstance(value, float) and value.is_integer():
        number = int(value)
    choices: Sequence[int] | None = schema.get("enum")
    if isinstance(number, bool) or not isinstance(number, int):
        raise _unfit(place, value, "a whole number")
    if choices is not None and number not in choices:
        raise _unfit(place, value, f"one of {', '.join(map(str, choices))}")
    return number


def _boolean(value: Any, schema: Schema, place: str) -> bool:
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value.strip().lower(), value)
    if not isinstance(value, bool):
        raise _unfit(place, value, "true or false")
    return value


_LEAVES: Final = {"string": _text, "integer": _integer, "boolean": _boolean}


def _unfit(place: str, value: Any, wanted: str) -> UnfitReplyError:
    return UnfitReplyError(f"{place} is {quoted(value)}, not {wanted}")


def quoted(value: Any) -> str:
    """Return the beginning of a value, for an error."""
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _objects(text: str) -> Iterator[Any]:
    """Yield the outermost JSON objects in a text, in order.

    What stands within a broken object is part of it, and no object of its own.
    """
    decoder = json.JSONDecoder(
        object_pairs_hook=_without_doubles, parse_constant=_no_number
    )
    at = text.find("{")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
            yield found
        except (ValueError, RecursionError):
            end = _closed_at(text, at)
        at = text.find("{", end)


def _closed_at(text: str, at: int) -> int:
    """Return where the brace that opens at `at` has closed; the end if nowhere."""
    depth = 0
    for brace in _BRACES.finditer(text, at):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.end()
    return len(text)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")

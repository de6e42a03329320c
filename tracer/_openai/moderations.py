"""Moderation: what was looked at, and what was found wrong with it."""

from collections.abc import Mapping
from typing import Any, Final

from tracer import semconv
from tracer._openai.fields import Reading, Wanted, fields_of, items, typed
from tracer._openai.parts import content_parts

_RESPONSE: Final[Wanted] = {
    "id": (semconv.RESPONSE_ID, str),
    "model": (semconv.RESPONSE_MODEL, str),
}


def read_request(body: Mapping[str, Any]) -> Reading:
    """Return what is to be looked at; pictures given as data are references."""
    given = body.get("input")
    if isinstance(given, (list, tuple)) and not all(
        isinstance(item, str) for item in given
    ):
        given = content_parts(given)
    return Reading({}, {semconv.INPUT: given})


def read_response(answer: Any) -> Reading:
    """Return the verdict on each input; a single one stands alone."""
    results = [_verdict(fields_of(result)) for result in items(answer, "results")]
    told = results[0] if len(results) == 1 else results
    content = {semconv.OUTPUT: told} if results else {}
    return Reading(typed(answer, _RESPONSE), content)


def _verdict(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return whether it was flagged, for what, and every score."""
    categories = _by_name(result.get("categories"))
    return {
        "flagged": result.get("flagged"),
        "categories": [name for name, is_so in categories.items() if is_so],
        "scores": _by_name(result.get("category_scores")),
    }


def _by_name(source: Any) -> dict[str, Any]:
    """Return the fields under the API's own names: ``self-harm/intent``."""
    kinds = getattr(type(source), "model_fields", {})
    return {
        getattr(kinds.get(name), "alias", None) or name: value
        for name, value in fields_of(source).items()
    }

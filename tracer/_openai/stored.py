"""Responses that are fetched, or stopped, by their id: made by an earlier call."""

from collections.abc import Mapping
from typing import Any, Final

from tracer import semconv
from tracer._openai import responses
from tracer._openai.fields import Reading, text

_TOKENS: Final = "gen_ai.usage."


def read_request(body: Mapping[str, Any]) -> Reading:
    """Return which response is asked for, and from where its stream goes on."""
    attributes: dict[str, Any] = {semconv.OPENAI_API_TYPE: "responses"}
    if response_id := text(body, "response_id"):
        attributes[semconv.RESPONSE_ID] = response_id
    cursor = body.get("starting_after")
    if isinstance(cursor, (int, str)):
        attributes[semconv.REQUEST_STREAM_CURSOR] = str(cursor)
    return Reading(attributes)


def read_response(response: Any) -> Reading:
    """Return the response as it stands, without tokens: its own call counted them.

    That it failed is its status; fetching it did not fail.
    """
    read = responses.read_response(response)
    told = {
        key: value
        for key, value in read.attributes.items()
        if not key.startswith(_TOKENS)
    }
    status = text(response, "status")
    if status and status != responses.INTERRUPTED:
        told[semconv.RESPONSE_STATUS] = status
    is_broken = status == responses.INTERRUPTED
    return Reading(told, read.content, read.failure if is_broken else None)

"""Failures as the real API words them, asked for by header or drawn by chance.

A request that carries ``x-scenario: rate-limited`` (or another name below) fails that
way. ``…-once`` fails only the first attempt, so that a client's retry succeeds;
``busy-twice`` answers the first two tries of a prompt with 429, whoever retries.
``no-schemas`` and ``no-temperature`` refuse a parameter, as servers do that lack it.
"""

import zlib
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

_MODELS = (
    *("gpt-", "o1", "o3", "o4", "support-", "text-embedding-", "dall-e-"),
    *("tts-", "whisper-", "omni-moderation-", "judge-", "Qwen/"),
)
_LACKING = {"no-schemas": "response_format", "no-temperature": "temperature"}
_KEYS_REFUSED = ("", "wrong-key")


def error_body(message: str, kind: str, code: str | None) -> dict[str, Any]:
    """Return the API's error envelope."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def refusal(
    request: Request, body: dict[str, Any], *, failure_rate: float, tries: int = 0
) -> JSONResponse | None:
    """Return the error this request gets, or None if it is to be answered.

    Args:
        request: What was sent.
        body: Its body.
        failure_rate: Share of prompts that fail.
        tries: How often the same was asked before.
    """
    key = request.headers.get("authorization", "").removeprefix("Bearer").strip()
    if (request.headers.get("api-key") or key) in _KEYS_REFUSED:
        return _error(401, "Incorrect API key provided.", "invalid_api_key")
    model = str(body.get("model", ""))
    if not model.startswith(_MODELS):
        return _error(404, f"The model `{model}` does not exist.", "model_not_found")
    scenario = request.headers.get("x-scenario", "")
    if (
        scenario.endswith("-once")
        and request.headers.get("x-stainless-retry-count") != "0"
    ):
        return None
    if (missing := _LACKING.get(scenario)) in body:
        return _error(400, f"'{missing}' is not supported.", "unsupported_parameter")
    if scenario == "busy-twice" and tries < 2:
        return _error(429, "Rate limit reached for requests.", "rate_limit_exceeded")
    if scenario.startswith("rate-limited"):
        return _error(429, "Rate limit reached for requests.", "rate_limit_exceeded")
    if scenario.startswith("server-error") or _drawn(body, failure_rate):
        return _error(500, "The server had an error.", None)
    return None


def not_found(what: str) -> JSONResponse:
    """Return the error for something that was never kept here."""
    return _error(404, f"The {what} was not found.", None)


def _drawn(body: dict[str, Any], failure_rate: float) -> bool:
    """Whether chance fails this prompt; the same prompt fares the same each time."""
    digest = zlib.crc32(repr(body.get("messages")).encode())
    return digest % 10_000 < failure_rate * 10_000


def _error(status: int, message: str, code: str | None) -> JSONResponse:
    kind = dict.fromkeys((400, 401, 404), "invalid_request_error")
    kind |= {429: "requests", 500: "server_error"}
    headers = {"retry-after": "1", "retry-after-ms": "5"} if status == 429 else {}
    return JSONResponse(
        error_body(message, kind[status], code), status_code=status, headers=headers
    )

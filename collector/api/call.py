"""From a request to a function of the reads room and back: threads, limits, errors."""

import contextlib
import functools
import logging
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.datastructures import QueryParams, State
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

import collector.any_path  # noqa: F401  # before any route is made
from collector.access.rights import Access
from collector.api.callers import work_for_caller
from collector.api.refusals import Refusal, bad_parameter
from collector.api.turns import Turns
from collector.errors import (
    RequestTooLarge,
    StorageError,
    StoreFull,
    UploadStalled,
)
from collector.pending import QueueFull
from collector.request_body import held_body
from collector.storage.engine import READ_TIME_LIMIT_S, Store
from collector.storage.reads.reader import EngineError, ReadEnded, Reader, kill

log = logging.getLogger(__name__)

JSON = "application/json"
ARROW = "application/vnd.apache.arrow.stream"
SPARE_LEVELS = 50
"""The writer of JSON stops at 254 levels; the rest is for what answers put around."""

HEAVY_AT_ONCE = max(2, (os.cpu_count() or 1) // 2)
"""Reads of many rows at work at once; storing needs the rest of the cores."""

LIGHT_AT_ONCE = 8
"""Reads and writes of a few rows at work at once."""


@dataclass(frozen=True)
class Call:
    """One request, ready for a function that runs in a thread."""

    store: Store
    """The store, for what writes."""

    reader: Reader
    """Runs statements on a lent handle, all under one mark."""

    query: QueryParams
    """Parameters behind the question mark."""

    path: Mapping[str, str]
    """Parameters within the path."""

    body: bytes
    """The request's body, empty for GET."""

    wants_arrow: bool
    """Whether the caller asked for an Arrow stream."""

    access: Access
    """What the caller may do."""

    state: State
    """What the application knows about itself (``schema_version``, ``writer``)."""


@dataclass(frozen=True)
class Answer:
    """A body that is ready to send."""

    body: bytes
    """JSON text, or an Arrow stream."""

    media_type: str = JSON
    """Its content type."""

    cursor: str | None = None
    """Sent as ``X-Next-Cursor``, for bodies that have no room for it."""

    truncated: bool = False
    """Sent as ``X-Truncated: true``, where there were more rows than fit."""


Function = Callable[[Call], Answer]
Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint(function: Function, *, is_light: bool = False) -> Endpoint:
    """Make an ASGI endpoint of a function that reads or writes the store.

    Args:
        function: what answers a call.
        is_light: whether it reads a few rows only, and need not wait for those that
            read many.
    """

    @functools.wraps(function)
    async def answer(request: Request) -> Response:
        try:
            return _response(await _ask(function, request, is_light=is_light))
        except Refusal as refusal:
            return error_response(refusal)
        except ReadEnded as ended:  # nobody is there to read it
            return error_response(Refusal(400, "disconnected", str(ended)))
        except EngineError as error:
            return error_response(_engine_refusal(error))
        except StorageError as error:
            log.error("%s %s: %s", request.method, request.url.path, error)
            return error_response(_storage_refusal(error))
        except Exception:  # the edge: a bug is answered like any other error
            log.exception("%s %s failed", request.method, request.url.path)
            return error_response(
                Refusal(500, "internal", "the collector failed", hint="see its log")
            )

    return answer


def http_error(request: Request, error: Exception) -> Response:
    """Answer an unknown path, or a method that a path does not have."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        code, hint = "bad_method", f"use one of {allowed}"
    else:
        code, hint = "not_found", "docs/api.md lists the paths"
    message = f"{request.method} {request.url.path}: {error.detail}"
    response = error_response(Refusal(error.status_code, code, message, hint=hint))
    response.headers.update(error.headers or {})
    return response


async def _ask(function: Function, request: Request, *, is_light: bool) -> Answer:
    async with _body(request) as body:
        return await _answer(function, request, body, is_light=is_light)


async def _answer(
    function: Function, request: Request, body: bytes, *, is_light: bool
) -> Answer:
    store: Store = request.app.state.store
    mark, ended = Reader.new_mark(), threading.Event()

    def work() -> Answer:
        with store.handle("read") as client:
            call = Call(
                store=store,
                reader=Reader(client, mark, ended, text_indexed=store.text_indexed),
                query=request.query_params,
                path=request.path_params,
                body=body,
                wants_arrow=_wants_arrow(request),
                access=request.state.access,
                state=request.app.state,
            )
            return function(call)

    def end() -> None:
        ended.set()
        with store.handle("read") as client:
            kill(client, mark)

    turns = turns_of(request.app.state)["light" if is_light else "heavy"]
    return await work_for_caller(request, work, turns=turns, end=end)


def _wants_arrow(request: Request) -> bool:
    """Return whether ``format`` says arrow or, if it is absent, the Accept header.

    Raises:
        Refusal: 400 for another format.
    """
    wanted = request.query_params.get("format")
    if not wanted:
        return ARROW in request.headers.get("accept", "")
    if wanted not in ("json", "arrow"):
        raise bad_parameter("format", wanted, hint="use one of json, arrow")
    return wanted == "arrow"


def turns_of(state: State) -> dict[str, Turns]:
    """Return the application's places for ``light`` and for ``heavy`` reads."""
    if not hasattr(state, "read_turns"):
        state.read_turns = {
            "light": Turns(LIGHT_AT_ONCE),
            "heavy": Turns(HEAVY_AT_ONCE),
        }
    turns: dict[str, Turns] = state.read_turns
    return turns


@contextlib.asynccontextmanager
async def _body(request: Request) -> AsyncIterator[bytes]:
    """Lend the body.

    Raises:
        Refusal: it is no JSON by its header, or too large, or the caller left.
    """
    try:
        async with held_body(request) as body:
            content_type = request.headers.get("content-type", "")
            name = content_type.partition(";")[0].strip().lower()
            # other types can be sent by any web page, without its browser asking first
            if body and name != JSON:
                raise Refusal(
                    415,
                    "unsupported",
                    f"content type {name!r} is not read here",
                    hint=f"send 'Content-Type: {JSON}'",
                )
            yield body
    except RequestTooLarge as error:
        raise Refusal(413, "too_large", str(error), hint="send it in parts") from None
    except UploadStalled as error:
        raise Refusal(408, "stalled", str(error), hint="send it again") from None
    except QueueFull:
        raise Refusal(
            503, "busy", "the collector is busy", hint="send again in a second"
        ) from None
    except ClientDisconnect:
        raise Refusal(400, "disconnected", "the caller left", hint="") from None


def _storage_refusal(error: StorageError) -> Refusal:
    if isinstance(error, StoreFull):
        hint = "make room on the store's disk, then ask again"
        return Refusal(507, "disk_full", str(error), hint=hint)
    return Refusal(503, "storage_failed", str(error), hint="try again")


def _engine_refusal(error: EngineError) -> Refusal:
    if error.is_too_slow:
        return Refusal(
            504,
            "too_slow",
            f"the read took longer than {READ_TIME_LIMIT_S} s",
            hint="ask for a shorter window (since, until), one project or fewer rows",
        )
    if error.is_too_much:
        return Refusal(
            413,
            "too_much",
            "the read needs too much memory or has too many rows",
            hint="narrow the filter or the window, or ask for fewer rows",
        )
    log.error("a read failed: %s", error)
    return Refusal(503, "storage_failed", "the store did not answer", hint="try again")


def error_response(refusal: Refusal) -> Response:
    """Return the JSON body that every error of the API has."""
    error = {
        "code": refusal.code,
        "message": str(refusal),
        "hint": refusal.hint,
    }
    body = orjson.dumps({"error": error}, option=orjson.OPT_NON_STR_KEYS)
    headers = {"Connection": "close"} if refusal.status == 408 else None
    return Response(body, refusal.status, headers, media_type=JSON)


def _response(answer: Answer) -> Response:
    headers = {"X-Next-Cursor": answer.cursor} if answer.cursor else {}
    if answer.truncated:
        headers["X-Truncated"] = "true"
    return Response(answer.body, 200, headers, media_type=answer.media_type)


def json_body(call: Call) -> dict[str, Any]:
    """Return the JSON object that a request carries.

    Raises:
        Refusal: 400 for anything else.
    """
    try:
        body = orjson.loads(call.body)
    except orjson.JSONDecodeError as error:
        raise Refusal(
            400, "bad_body", f"the body is no JSON: {error}", hint="send a JSON object"
        ) from None
    if not isinstance(body, dict):
        kind = type(body).__name__
        raise Refusal(
            400, "bad_body", f"the body is a {kind}", hint="send a JSON object"
        )
    _check_levels(body)
    return body


def _check_levels(body: object) -> None:
    """Refuse what could be read, but not written again within an answer.

    Raises:
        Refusal: 422 if lists and objects nest deeper than 200 levels or so.
    """
    for _ in range(SPARE_LEVELS):
        body = [body]
    try:
        orjson.dumps(body)
    except TypeError as error:
        raise Refusal(
            422,
            "bad_body",
            f"the body cannot be kept: {error}",
            hint="nest at most 200 lists and objects in each other",
        ) from None


def text_in(body: Mapping[str, Any], key: str, *, required: bool = False) -> str:
    """Return a text of a JSON object, empty if it is missing or null.

    Raises:
        Refusal: 422 if it is no text, or required and missing.
    """
    text = body.get(key)
    text = "" if text is None else text
    if not isinstance(text, str) or (required and not text):
        shown = repr(body.get(key))[:80]
        raise Refusal(
            422, "bad_body", f"{key} {shown} is no text", hint=f"give {key} as text"
        )
    return text


def json_answer(value: object) -> Answer:
    """Return any value as JSON."""
    return Answer(orjson.dumps(value))


def rows_answer(rows: list[Any], cursor: str | None = None) -> Answer:
    """Return a list's page."""
    return json_answer({"rows": rows, "next": cursor})


def stream_answer(stream: bytes, cursor: str | None) -> Answer:
    """Return a list's page as an Arrow stream."""
    return Answer(stream, ARROW, cursor)


def lines_answer(lines: list[bytes], *, at_most: int | None = None) -> Answer:
    """Return rows as the engine wrote them; more than `at_most` are ``truncated``."""
    rows = b'{"rows":[' + b",".join(lines[:at_most]) + b'],"next":null'
    if at_most is None:
        return Answer(rows + b"}")
    cut = b"true" if len(lines) > at_most else b"false"
    return Answer(rows + b',"truncated":' + cut + b"}")

"""Statuses and codes of errors, by what a route takes."""

from typing import Any, Final

from collector.openapi.schemas import ref

CODES: Final[dict[int, tuple[str, str]]] = {
    400: (
        "A parameter, a filter or the body cannot be read.",
        "bad_parameter bad_filter bad_order bad_cursor bad_body bad_sql",
    ),
    401: ("A key is asked for, and there is none, or no such one.", "unauthorized"),
    403: (
        "The key lacks a scope, or is of another project; or the request comes from "
        "a page of another site.",
        "forbidden foreign_origin",
    ),
    404: ("There is nothing of that name.", "not_found"),
    409: ("Somebody else wrote in between, or is at work.", "conflict cluster"),
    413: ("The body, or what the read needs, is too large.", "too_large too_much"),
    415: ("The body is not said to be JSON.", "unsupported"),
    422: (
        "The body has a value that does not fit; the message names it.",
        "bad_body bad_score bad_row bad_name bad_judge bad_job bad_rule bad_queue "
        "bad_answer bad_key",
    ),
    503: ("Too much waits, or the store does not answer.", "busy storage_failed"),
    504: ("The read took longer than it may.", "too_slow"),
    507: ("The store's disk has no room for it.", "disk_full"),
}
"""Status → what it means, and its codes. Any other error has the same form."""

EXAMPLES: Final[dict[int, tuple[str, str, str]]] = {
    400: ("bad_parameter", "limit '0' cannot be read", "give 1 to 1000"),
    401: (
        "unauthorized",
        "the request carries no key",
        "send 'Authorization: Bearer KEY'",
    ),
    403: (
        "forbidden",
        "the key has no scope 'edit', only read",
        "use a key made with 'tracer keys create --scope edit'",
    ),
    404: ("not_found", "no dataset 'faq'", "GET /datasets lists them"),
    409: ("conflict", "view 'slow' is at version 3", "read it again, then write"),
    413: ("too_large", "the body is over 67108864 bytes", "send it in parts"),
    415: (
        "unsupported",
        "content type 'text/plain' is not read here",
        "send 'Content-Type: application/json'",
    ),
    422: ("bad_score", "value 'x' does not fit a score", "give a number, or a label"),
    503: ("busy", "too many reads wait already", "ask again in a second"),
    504: ("too_slow", "the read took longer than 30 s", "ask for a shorter window"),
    507: ("disk_full", "the store's disk is full", "make room, then ask again"),
}
"""Status → code, message and hint of one such error."""


WRITES_NOTHING: Final = ("/sql", "/backups/{name}", "/reprice")
"""Paths that are no reads by their method and keep nothing while they are answered."""


def statuses(
    *,
    method: str,
    path: str,
    asks: bool,
    has_body: bool,
    conflicts: bool,
    is_long: bool,
) -> list[int]:
    """Return the errors that a route may answer with, beside the default.

    Args:
        method: of the route.
        path: of the route.
        asks: whether it has parameters that can be wrong.
        has_body: whether a body comes with it.
        conflicts: whether others may write the same, or be at work.
        is_long: whether it reads many rows.
    """
    names_one = "{" in path and (method != "PUT" or path.startswith("/datasets"))
    return [
        status
        for status, may in (
            (400, asks or has_body),
            (401, True),
            (403, True),
            (404, names_one or path == "/prices"),
            (409, conflicts),
            (413, has_body or is_long),
            (415, has_body),
            (422, has_body),
            (503, True),
            (504, is_long),
            (507, method != "GET" and path not in WRITES_NOTHING),
        )
        if may
    ]


def responses() -> dict[str, Any]:
    """Return every error by the name under which operations refer to it."""
    return {f"Error{status}": _response(status) for status in CODES} | {
        "Error": {
            "description": "Why not, and what to do: any other status.",
            "content": {"application/json": {"schema": ref("Error")}},
        }
    }


def _response(status: int) -> dict[str, Any]:
    meaning, codes = CODES[status]
    code, message, hint = EXAMPLES[status]
    example = {"error": {"code": code, "message": message, "hint": hint}}
    return {
        "description": f"{meaning} Codes: {codes}.",
        "content": {"application/json": {"schema": ref("Error"), "example": example}},
    }

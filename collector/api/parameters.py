"""Reading the parameters that every list shares."""

import time
from collections.abc import Mapping
from typing import Any, cast

from collector.api.call import Call, text_in
from collector.api.refusals import Refusal, bad_parameter
from collector.config import NO, YES
from collector.storage.conditions import parse_where, time_ns
from collector.storage.reads.scope import ORIGINS, Origin, Page, Scope

DEFAULT_WINDOW_NS = 30 * 86_400 * 10**9
MAX_LIMIT = 1000
MAX_DIGITS = len(str(MAX_LIMIT))
MAX_OFFSET_DIGITS = 7


def scope_of(
    call: Call, *, origin: Origin = "production", windowed: bool = True
) -> Scope:
    """Return projects, window and origin of a request.

    Args:
        call: the request.
        origin: what takes part if the request does not say.
        windowed: whether the last 30 days are meant if the request names no window.
    """
    since = time_of(call, "since")
    until = time_of(call, "until")
    if since is None and windowed:
        since = (until or time.time_ns()) - DEFAULT_WINDOW_NS
    wanted = call.query.get("origin", origin)
    if wanted not in ORIGINS:
        hint = f"use one of {', '.join(ORIGINS)}"
        raise bad_parameter("origin", wanted, hint=hint)
    return Scope(
        projects=projects_of(call),
        since_ns=since,
        until_ns=until,
        origin=cast(Origin, wanted),
    )


def projects_of(call: Call) -> tuple[str, ...] | None:
    """Return the projects a request is about, None for all.

    Raises:
        Refusal: 403 for another project than the key's.
    """
    project = _own_or(call, call.query.get("project") or "")
    return (project,) if project else None


def project_to_change(call: Call) -> str:
    """Return the project that a change is confined to, empty for all.

    Raises:
        Refusal: 400 for one without a name: a script's variable that is not set must
            not reach all projects; 403 for another project than the key's.
    """
    if call.query.get("project") == "":
        hint = "name one, or leave it out to reach all projects"
        raise bad_parameter("project", "", hint=hint)
    return (projects_of(call) or ("",))[0]


def project_in(call: Call, body: Mapping[str, Any], *, required: bool = False) -> str:
    """Return the project that a JSON object names; it may leave out the key's own.

    Raises:
        Refusal: 403 for another project than the key's, 422 if it is required and
            neither says one.
    """
    asked = text_in(body, "project", required=required and not call.access.project)
    return _own_or(call, asked)


def trace_id_in_path(call: Call) -> str:
    """Return the trace id that the path names, in lower case.

    Raises:
        Refusal: 400, it is none.
    """
    trace_id = call.path["trace_id"].lower()
    if len(trace_id) != 32 or not set(trace_id) <= set("0123456789abcdef"):
        raise bad_parameter("trace id", trace_id, hint="it has 32 hex digits")
    return trace_id


def span_id_in_path(call: Call) -> str:
    """Return the span id that the path names, in lower case.

    Raises:
        Refusal: 400, it is none.
    """
    span_id = call.path["span_id"].lower()
    if len(span_id) != 16 or not set(span_id) <= set("0123456789abcdef"):
        raise bad_parameter("span id", span_id, hint="it has 16 hex digits")
    return span_id


def project_in_path(call: Call) -> str:
    """Return the project that the path names.

    Raises:
        Refusal: 400 for none, whatever the key's is; 403 for another than the key's.
    """
    return _own_or(call, name_in_path(call, "project"))


def name_in_path(call: Call, what: str) -> str:
    """Return what the path names, of which everything goes.

    Raises:
        Refusal: 400, it ends before the name: that would be all that has none.
    """
    name = call.path[what]
    if not name:
        raise bad_parameter(what.replace("_", " "), name, hint="put it into the path")
    return name


def project_to_edit(call: Call, *, what: str) -> str:
    """Return the project that the query names, or the key's own.

    Raises:
        Refusal: 403 for another project than the key's, 400 if neither says one.
    """
    asked = call.query.get("project") or ""
    project = _own_or(call, asked)
    if not project:
        raise bad_parameter("project", asked, hint=f"name the {what}'s project")
    return project


def _own_or(call: Call, asked: str) -> str:
    own = call.access.project
    if own is None or asked in ("", own):
        return own or asked
    raise Refusal(
        403,
        "forbidden",
        f"the key is of project {own!r}, not of {asked!r}",
        hint="use a key of that project, or leave the project out",
    )


def page_of(call: Call, *, order: str = "-start") -> Page:
    """Return filter, order, length and place of a request's page."""
    return Page(
        where=parse_where(call.query.get("where")),
        order=call.query.get("order") or order,
        limit=limit_of(call),
        cursor=call.query.get("cursor") or None,
    )


def limit_of(call: Call, *, default: int = 100) -> int:
    """Return the rows wanted at most, 1 to 1000."""
    text = call.query.get("limit") or str(default)
    is_number = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
    if not is_number or not 1 <= int(text) <= MAX_LIMIT:
        raise bad_parameter("limit", text, hint=f"give 1 to {MAX_LIMIT}")
    return int(text)


def offset_of(call: Call) -> int:
    """Return the rows to pass over, 0 unless given."""
    text = call.query.get("offset") or "0"
    if not text.isascii() or not text.isdigit() or len(text) > MAX_OFFSET_DIGITS:
        raise bad_parameter("offset", text, hint="give how many rows come before")
    return int(text)


def time_of(call: Call, name: str) -> int | None:
    """Return a moment in UTC nanoseconds since 1970, None if not given."""
    text = call.query.get(name)
    if not text:
        return None
    try:
        return time_ns(text)
    except ValueError:
        hint = "give ISO 8601 or integer nanoseconds since 1970"
        raise bad_parameter(name, text, hint=hint) from None


def choice_of(call: Call, name: str, choices: tuple[str, ...]) -> str:
    """Return one of a parameter's choices; the first is its default."""
    chosen = call.query.get(name) or choices[0]
    if chosen not in choices:
        hint = f"use one of {', '.join(choices)}"
        raise bad_parameter(name, chosen, hint=hint)
    return chosen


def flag_of(call: Call, name: str, *, default: bool = False) -> bool:
    """Return whether a parameter is switched on; `default` if it is absent.

    Raises:
        Refusal: 400, it says neither: what asks to be only counted is not deleted.
    """
    word = call.query.get(name, str(default)).lower()
    if word not in (*YES, *NO):
        raise bad_parameter(name, word, hint="give 1 or 0")
    return word in YES

"""Rules of alerts: what is watched, when it is too much, and how it stands."""

import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from collector.api.refusals import Refusal
from collector.storage.conditions import are_conditions
from collector.storage.documents.versions import Change, Place, write_document
from collector.storage.engine import Store
from collector.storage.reads.reader import Reader, Row

RULE_STATES = ("active", "paused")
MEASURES = ("score", "error_rate", "latency_p95_ms", "cost_usd", "calls")
TESTS = ("above", "below", "change")
DIRECTIONS = ("up", "down", "either")
BASELINES = ("before", "day", "week")
WINDOWS_S = (900, 3600, 86_400, 604_800)
"""A quarter of an hour, an hour, a day, a week: what a preview can count in."""

MAX_URL = 2000
MAX_NAME = 200
MAX_FIRINGS = 50
"""Firings that a rule remembers, the newest."""

_SETTINGS: dict[str, Any] = {
    "name": "",
    "state": "active",
    "measure": "error_rate",
    "score": None,
    "where": [],
    "window_s": 3600,
    "test": "above",
    "threshold": 0,
    "direction": "either",
    "against": "before",
    "clear": None,
    "min_n": 20,
    "cooldown_s": 3600,
    "webhook_url": None,
}
_KEPT_BY_WORKERS: dict[str, Any] = {
    "standing": {},
    "reading": {},
    "firings": [],
    "pending": [],
    "message": None,
    "worker": None,
    "lease_until_ns": 0,
}
_NEW_RULE = _SETTINGS | _KEPT_BY_WORKERS


def save_alert_rule(
    store: Store,
    reader: Reader,
    place: Place,
    given: Mapping[str, Any],
    *,
    replaces: int | None,
    author: str = "",
) -> Row:
    """Store what changed of a rule and return it.

    Raises:
        Refusal: 409 if another version is the newest, 422 for a value that does not
            fit its key, or for a rule that could not be judged.
    """
    changed = {key: value for key, value in given.items() if key in _NEW_RULE}
    for key, value in changed.items():
        fits, hint = _FITTING[key]
        if not fits(value):
            raise _unfit(key, value, hint)

    def change(newest: Row | None) -> Change:
        kept = {key: newest[key] for key in _NEW_RULE if newest and key in newest}
        body = _NEW_RULE | kept | changed
        if body["measure"] == "score" and not body["score"]:
            raise _unfit("score", body["score"], "name the score whose mean is watched")
        body["firings"] = body["firings"][:MAX_FIRINGS]
        return Change(body, author or (newest or {}).get("author") or "")

    return write_document(store, reader, place, change, replaces=replaces)


def without_secret(rule: Row) -> Row:
    """Return a rule for those who may only read: an address may hold a secret."""
    url = rule["webhook_url"]
    if url is None:
        return rule
    parts = urlsplit(url)
    return rule | {"webhook_url": f"{parts.scheme}://{parts.hostname}/…"}


def _unfit(key: str, value: object, hint: str) -> Refusal:
    shown = "" if key == "webhook_url" else f" {repr(value)[:80]}"
    message = f"{key}{shown} does not fit an alert rule"
    return Refusal(422, "bad_rule", message, hint=hint)


def _one_of(*words: object) -> tuple[Callable[[object], bool], str]:
    shown = ", ".join(map(str, words))
    return (
        lambda value: any(value == word and type(value) is type(word) for word in words)
    ), f"use one of {shown}"


def _is_number(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and isfinite(value)  # type: ignore[arg-type]  # it is a number


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_NAME


def _is_address(value: object) -> bool:
    """Return whether an address can be posted to; where it leads, a worker judges."""
    if value is None:
        return True
    if not isinstance(value, str) or len(value) > MAX_URL:
        return False
    try:
        parts = urlsplit(value)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    names_nobody = parts.username is None and parts.password is None
    return is_web and port_fits and names_nobody and not re.search(r"[\s\\]", value)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _or_none(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or fits(value)


_FITTING: dict[str, tuple[Callable[[object], bool], str]] = {
    "name": (_is_name, f"give text of {MAX_NAME} characters at most"),
    "state": _one_of(*RULE_STATES),
    "measure": _one_of(*MEASURES),
    "score": (_or_none(_is_name), "give the name of a score"),
    "where": (are_conditions, 'give a list of ["field", "op", value]'),
    "window_s": _one_of(*WINDOWS_S),
    "test": _one_of(*TESTS),
    "threshold": (_is_number, "give a number"),
    "direction": _one_of(*DIRECTIONS),
    "against": _one_of(*BASELINES),
    "clear": (_or_none(_is_number), "give a number, or null for the threshold"),
    "min_n": (_is_count, "give a number of calls or scores"),
    "cooldown_s": (_is_count, "give seconds"),
    "webhook_url": (_is_address, "give http(s)://host/path, without a user name"),
    "standing": (_is_object, "give an object"),
    "reading": (_is_object, "give an object"),
    "firings": (_are_objects, "give a list of objects"),
    "pending": (_are_objects, "give a list of objects"),
    "message": (_or_none(lambda value: isinstance(value, str)), "give text or null"),
    "worker": (_or_none(lambda value: isinstance(value, str)), "give text or null"),
    "lease_until_ns": (_is_count, "give nanoseconds since 1970"),
}

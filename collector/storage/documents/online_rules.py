"""Rules of online scoring: which traffic workers judge, and how far they are."""

from collections.abc import Callable, Mapping
from typing import Any

from collector.api.refusals import Refusal
from collector.storage.conditions import are_conditions
from collector.storage.documents.versions import Change, Place, write_document
from collector.storage.engine import Store
from collector.storage.reads.reader import Reader, Row

RULE_STATES = ("active", "paused")
_NEW_RULE: dict[str, Any] = {
    "state": "active",
    "where": [],
    "sample_rate": 1.0,
    "scorers": [],
    "max_per_day": None,
    "max_cost_usd_per_day": None,
    "position_ns": 0,
    "progress": {},
    "message": None,
    "worker": None,
    "lease_until_ns": 0,
}


def save_online_rule(
    store: Store,
    reader: Reader,
    place: Place,
    given: Mapping[str, Any],
    *,
    replaces: int | None,
) -> Row:
    """Store what changed of a rule and return it.

    Raises:
        Refusal: 409 if another version is the newest, 422 for a value that does not
            fit its key.
    """
    changed = {key: value for key, value in given.items() if key in _NEW_RULE}
    for key, value in changed.items():
        fits, hint = _FITTING.get(key, (_anything, ""))
        if not fits(value):
            shown = repr(value)[:80]
            message = f"{key} {shown} does not fit an online rule"
            raise Refusal(422, "bad_rule", message, hint=hint)

    def change(newest: Row | None) -> Change:
        kept = {key: newest[key] for key in _NEW_RULE if newest and key in newest}
        return Change(_NEW_RULE | kept | changed)

    return write_document(store, reader, place, change, replaces=replaces)


def _anything(value: object) -> bool:
    return True


def _is_state(value: object) -> bool:
    return value in RULE_STATES


def _is_rate(value: object) -> bool:
    return _is_amount(value) and 0 < value <= 1  # type: ignore[operator]  # a number


def _is_amount(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _is_limit(value: object) -> bool:
    return value is None or _is_amount(value)


def _is_time(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_scorers(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_FITTING: dict[str, tuple[Callable[[object], bool], str]] = {
    "state": (_is_state, f"use one of {', '.join(RULE_STATES)}"),
    "where": (are_conditions, 'give a list of ["field", "op", value]'),
    "sample_rate": (_is_rate, "give a share above 0, 1 at most"),
    "scorers": (_are_scorers, "give a list of names"),
    "max_per_day": (_is_limit, "give a number, or null for no limit"),
    "max_cost_usd_per_day": (_is_limit, "give a number, or null for no limit"),
    "position_ns": (_is_time, "give nanoseconds since 1970"),
    "lease_until_ns": (_is_time, "give nanoseconds since 1970"),
}

"""What a collector says of itself, and whether it lets us in."""

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from tracer._build import commit, described, version
from tracer._sizes import size_text
from tracer.doctor.endpoint import words
from tracer.doctor.findings import Finding, note, ok, problem
from tracer.doctor.sending import LEAST_FREE_BYTES

MAX_CLOCK_SKEW_S = 5
"""Times of another machine's spans look wrong beyond this."""

SYSTEM_LOGS_BYTES = 10**9
"""Logs of a ClickHouse server about itself are no matter below this size."""

ADVICE_FOR_KEYS = {
    "expired": "make another: `tracer keys create`, and set TRACER_API_KEY to it",
    "revoked": "ask who revoked it for another, and set TRACER_API_KEY to that",
    "not known": "it was mistyped, or is of another store: `tracer keys list` has all",
    "too many": "right keys are let in all the while: set TRACER_API_KEY to one",
}
"""What to do about a key, by a word of the collector's reason."""


def check_health(
    http: urllib3.PoolManager, endpoint: str, headers: dict[str, str]
) -> Iterator[Finding]:
    """Compare versions, clocks and keys with a collector that answers."""
    try:
        answer = http.request("GET", f"{endpoint}/api/v1/health", headers=headers)
    except HTTPError:  # it answered a moment ago
        text = "/api/v1/health does not answer"
        yield problem("storage", text, "read the collector's own output")
        return
    if answer.status == 403 and b"no scope 'read'" in answer.data:
        text = "the key may not read: storage and versions are not looked at"
        yield note("key", text, "enough for a program that only sends")
        return
    if answer.status in (401, 403, 429):
        yield refused_key(answer, has_key="authorization" in headers)
        return
    health = words(answer.data)
    if answer.status != 200 or "version" not in health:
        text = f"/api/v1/health answers {answer.status}"
        yield problem("storage", text, "read the collector's own output")
        return
    yield ok("storage", describe_storage(health))
    yield from check_room(health)
    yield from check_system_logs(health)
    yield from check_versions(health)
    yield from check_clock(answer.headers.get("date"))


def refused_key(answer: urllib3.BaseHTTPResponse, *, has_key: bool) -> Finding:
    """Say why a collector does not let us in."""
    reason = str(words(answer.data).get("error", {}).get("message", ""))
    text = "the collector refuses this key"
    if not has_key:
        text = "the collector refuses requests without a key"
    text += f": {reason}" if reason else ""
    for word, advice in ADVICE_FOR_KEYS.items():
        if word in reason:
            return problem("key", text, advice)
    return problem("key", text, "set TRACER_API_KEY to a key that may read")


def check_versions(health: dict[str, Any]) -> Iterator[Finding]:
    """Compare the collector's build with ours; commits only if both are known."""
    theirs = str(health.get("version")), health.get("commit")
    ours = version(), commit()
    if theirs[0] != ours[0] or (theirs[1] and ours[1] and theirs[1] != ours[1]):
        yield note(
            "versions",
            f"the collector is {described(*theirs)}, this program {described(*ours)}",
            "install the same version on both sides, and start the collector again",
        )


def check_room(health: dict[str, Any]) -> Iterator[Finding]:
    """Notice a collector that cannot store, or soon will not."""
    free = health.get("disk_free_bytes")
    if why := health.get("not_ready"):
        yield problem("storage", why, "free the disk of the store")
    elif free is not None and free < 10 * LEAST_FREE_BYTES:
        yield note(
            "storage",
            f"{size_text(free)} are free on the store's disk",
            "TRACER_DISK_BUDGET or `tracer retention` let old days go in time",
        )


def check_system_logs(health: dict[str, Any]) -> Iterator[Finding]:
    """Notice that a server keeps more about itself than about applications."""
    own, logs = health.get("disk_bytes") or 0, health.get("system_bytes") or 0
    if logs > max(own, SYSTEM_LOGS_BYTES):
        yield note(
            "storage",
            f"the server's own logs take {size_text(logs)}, ours {size_text(own)}",
            "switch them off or give them a TTL: docs/operations.md has the file",
        )


def describe_storage(health: dict[str, Any]) -> str:
    """Say in one line what the collector's store is and holds."""
    engine = f"{health.get('engine')} {health.get('engine_version')}"
    if health.get("store") is None:
        return f"{engine}; a key of one project is told no more"
    spans = f"{health.get('spans_stored') or 0:,} spans"
    disk = f"{size_text(health.get('disk_bytes') or 0)} on disk, all projects"
    return f"{engine} at {health.get('store')}: {spans}, {disk}"


def check_clock(date: str | None) -> Iterator[Finding]:
    """Compare this machine's clock with the one in the collector's answer."""
    if date is None:
        return
    skew_s = time.time() - parsedate_to_datetime(date).timestamp()
    if abs(skew_s) > MAX_CLOCK_SKEW_S:
        yield problem(
            "clock",
            f"this machine is {skew_s:+.0f} s from the collector",
            "switch time synchronisation on; spans would show at the wrong time",
        )
    else:
        yield ok("clock", "agrees with the collector")

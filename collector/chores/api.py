"""Routes of chores: start one, ask how far it is. For administrators."""

import re
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.datastructures import State
from starlette.routing import BaseRoute, Route

from collector.api.call import Answer, Call, endpoint, json_answer
from collector.api.parameters import project_to_change, time_of
from collector.api.refusals import Refusal, bad_parameter, not_found
from collector.chores.queue import Report
from collector.config import Settings
from collector.errors import StorageError
from collector.storage.copying.backup import back_up
from collector.storage.copying.target import check_single
from collector.storage.engine import Store
from collector.storage.prices.reprice import Period, reprice

SETTLE_S = 1.0
SETTLE_LIMIT_S = 60.0
"""Requests that came before a backup are stored within this time, or it fails."""


def start_backup(call: Call) -> Answer:
    """Begin a backup into a directory of the collector's machine."""
    call.access.require_all_projects()
    name = call.path["name"]
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name):
        hint = "use letters, digits, dots, dashes: a directory's name, not its path"
        raise bad_parameter("backup", name, hint=hint)
    try:
        check_single(call.store)
    except StorageError as error:
        raise Refusal(409, "cluster", str(error), hint="see docs/scale.md") from None
    directory = _backup_dir(call.store, call.state.settings) / name

    def work(report: Report) -> Mapping[str, Any]:
        cut_ms = _settled_ms(call.state)
        manifest = back_up(call.store, directory, cut_ms=cut_ms, progress=report)
        return asdict(manifest) | {"directory": str(directory)}

    return json_answer(asdict(call.state.chores.start("backup", work)))


def _backup_dir(store: Store, settings: Settings) -> Path:
    if settings.backup_dir:
        return Path(settings.backup_dir).expanduser().absolute()
    if store.is_embedded:
        path = store.url.path
        return path.with_name(f"{path.name}-backups")
    raise bad_parameter(
        "TRACER_BACKUP_DIR", "", hint="name a directory of the collector's machine"
    )


def _settled_ms(state: State) -> int:
    """Return a moment such that all requests that came before are stored.

    Raises:
        StorageError: one of them is still not, after a minute.
    """
    cut_ms = time.time_ns() // 1_000_000
    time.sleep(SETTLE_S)  # whoever has taken the time of arrival has entered the list
    waiting = set(state.in_flight)
    end_s = time.monotonic() + SETTLE_LIMIT_S
    while waiting & set(state.in_flight):
        if time.monotonic() > end_s:
            raise StorageError("requests wait to be stored for a minute; try later")
        time.sleep(0.1)
    return cut_ms


def start_reprice(call: Call) -> Answer:
    """Begin to price a period anew."""
    call.access.require_all_projects()
    project = project_to_change(call)
    since_ns, until_ns = time_of(call, "since"), time_of(call, "until")
    if since_ns is None:
        raise bad_parameter("since", None, hint="say from when on, as 2026-11-01")
    until_ns = time.time_ns() if until_ns is None else until_ns
    if until_ns <= since_ns:
        hint = "name a time before until, which is now unless given"
        raise bad_parameter("since", call.query["since"], hint=hint)
    period = Period(since_ns, until_ns, project)

    def work(report: Report) -> Mapping[str, Any]:
        return asdict(reprice(call.store, period, progress=report))

    return json_answer(asdict(call.state.chores.start("reprice", work)))


def chore(call: Call) -> Answer:
    """Answer how far a chore is."""
    call.access.require_all_projects()
    found = call.state.chores.find(call.path["id"])
    if found is None:
        hint = "it is another collector's, from before a new start, or long ago"
        raise not_found("chore", call.path["id"], hint=hint)
    return json_answer(asdict(found))


ROUTES: list[BaseRoute] = [
    Route("/backups/{name}", endpoint(start_backup), methods=["POST"]),
    Route("/reprice", endpoint(start_reprice), methods=["POST"]),
    Route("/chores/{id}", endpoint(chore)),
]
"""All of them are for administrators."""

"""Jobs: documents that a worker leases, reports on, and ends."""

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from collector.api.refusals import Refusal, conflict
from collector.storage.documents.leases import is_live
from collector.storage.documents.versions import (
    Change,
    Place,
    list_documents,
    read_document,
    write_document,
)
from collector.storage.engine import Store
from collector.storage.reads.reader import Reader, Row

STATES = ("queued", "running", "done", "failed", "cancelled")
ENDED = frozenset({"done", "failed", "cancelled"})
DEFAULT_LEASE_S = 60.0
_NEW_JOB = {
    "kind": "",
    "params": {},
    "state": "queued",
    "progress": {"done": 0, "total": None},
    "message": None,
    "result": None,
    "lease_until_ns": None,
    "lease_s": DEFAULT_LEASE_S,
    "worker": None,
    "cancel_requested": False,
    "asked_by": None,
    "asked_ns": None,
}
_SET_BY_LEASE = frozenset(
    {"lease_until_ns", "lease_s", "worker", "cancel_requested", "asked_ns"}
)
_LEASING = threading.Lock()


def save_job(
    store: Store,
    reader: Reader,
    place: Place,
    given: Mapping[str, Any],
    *,
    replaces: int | None,
) -> Row:
    """Store what changed of a job and return it; a running job's lease begins anew.

    Raises:
        Refusal: 409 if another version is the newest, 422 for a value that does
            not fit its key.
    """
    _check(given)

    def change(newest: Row | None) -> Change:
        changed = {
            key: value
            for key, value in given.items()
            if key in _NEW_JOB and key not in _SET_BY_LEASE
        }
        body = {**_body(newest), **changed}
        if body["asked_ns"] is None:
            body["asked_ns"] = time.time_ns()
        return Change(_leased(body))

    return write_document(store, reader, place, change, replaces=replaces)


def lease_job(
    store: Store,
    reader: Reader,
    projects: tuple[str, ...] | None,
    *,
    worker: str,
    kinds: Sequence[str] | None = None,
    lease_s: float = DEFAULT_LEASE_S,
) -> Row | None:
    """Give the oldest job that waits, or whose worker fell silent, to a worker."""
    with _LEASING:
        for job in _waiting(reader, projects, kinds):
            leased = {"state": "running", "worker": worker, "lease_s": lease_s}
            place = Place("job", job["project"], job["id"])
            body = _leased({**_body(job), **leased})
            try:
                return write_document(
                    store,
                    reader,
                    place,
                    lambda _, body=body: Change(body),  # type: ignore[misc]
                    replaces=job["version"],
                )
            except Refusal:
                continue  # another collector gave it away
    return None


def cancel_job(
    store: Store, reader: Reader, projects: tuple[str, ...] | None, job_id: str
) -> Row:
    """End a job that waits; ask the worker of a running one to stop.

    Raises:
        Refusal: 404 if there is none.
    """
    job = read_document(reader, "job", projects, job_id)

    def change(newest: Row | None) -> Change:
        body = _body(newest)
        if body["state"] == "queued":
            body["state"] = "cancelled"
        return Change({**body, "cancel_requested": True})

    return write_document(store, reader, Place("job", job["project"], job_id), change)


def retry_job(store: Store, reader: Reader, job: Row, params: Mapping[str, Any]) -> Row:
    """Put a job that ended back into the queue; its progress says where to go on.

    Args:
        store: Receives the version.
        reader: Tells what is there.
        job: The job as it was read.
        params: Parameters that are to change.

    Raises:
        Refusal: 409 if it waits or runs.
    """

    def change(newest: Row | None) -> Change:
        body = _body(newest)
        if body["state"] not in ENDED:
            raise conflict(
                f"job {job['id']!r} is {body['state']}",
                hint="only a job that ended can be tried again",
            )
        again = {"state": "queued", "cancel_requested": False, "message": None}
        changed = {**body["params"], **params}
        return Change({**body, **again, "worker": None, "params": changed})

    place = Place("job", job["project"], job["id"])
    return write_document(store, reader, place, change)


def _check(given: Mapping[str, Any]) -> None:
    if (state := given.get("state", "queued")) not in STATES:
        raise _unfit("state", state, f"use one of {', '.join(STATES)}")
    if not isinstance(kind := given.get("kind", ""), str):
        raise _unfit("kind", kind, "give text")
    for key in ("params", "progress"):
        if not isinstance(value := given.get(key, {}), Mapping):
            raise _unfit(key, value, "give an object")


def _unfit(key: str, value: object, hint: str) -> Refusal:
    shown = repr(value)[:80]
    return Refusal(422, "bad_job", f"{key} {shown} does not fit a job", hint=hint)


def _waiting(
    reader: Reader, projects: tuple[str, ...] | None, kinds: Sequence[str] | None
) -> list[Row]:
    queued, running = (
        list_documents(
            reader, "job", projects, state=state, job_kinds=kinds, oldest_first=True
        )
        for state in ("queued", "running")
    )
    now_ns = time.time_ns()
    silent = [j for j in running if not is_live(j["lease_until_ns"] or 0, now_ns)]
    return [*silent, *queued]


def _body(job: Row | None) -> dict[str, Any]:
    return _NEW_JOB | {key: job[key] for key in _NEW_JOB if job and key in job}


def _leased(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body with the lease that its state calls for."""
    if body["state"] != "running":
        return {**body, "lease_until_ns": None}
    until_ns = time.time_ns() + int(body["lease_s"] * 1e9)
    return {**body, "lease_until_ns": until_ns}

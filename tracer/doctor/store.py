"""The embedded store of this machine, looked at where no collector answers."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import orjson

from tracer.doctor.findings import Finding, note, problem
from tracer.doctor.sending import LEAST_FREE_BYTES, nearest

LOCK_NAME = "tracer.lock"
"""Held by the collector that has the directory open; its process id stands in it."""

REFUSED_NAME = "tracer.refused"
"""Why a collector did not start over this directory; gone once one has."""


def check_store(directory: Path) -> Iterator[Finding]:
    """Say what keeps, or would keep, a collector from opening a directory."""
    standing = nearest(directory)
    if not os.access(standing, os.W_OK | os.X_OK):
        yield problem(
            "store",
            f"{directory} cannot be written by this user",
            "name one that can: TRACER_DATA_DIR, or `tracer up --data-dir`",
        )
        return
    if holder := holder_of(directory):
        yield note(
            "store",
            f"{directory} is open in process {holder}, which answers elsewhere",
            "set TRACER_ENDPOINT to the address that it printed, or stop it",
        )
    elif refused := last_refusal(directory):
        text = f"the last start ended: {refused}"
        yield problem("store", text, "do that, then start it again")
    if shutil.disk_usage(standing).free < LEAST_FREE_BYTES:
        text = f"the disk of {directory} is full"
        yield problem("store", text, "free some of it: a collector needs 64 MiB")


def holder_of(directory: Path) -> str | None:
    """Return the process that has a store open; None if nobody has."""
    import fcntl

    with suppress(OSError), open(directory / LOCK_NAME, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read(20).decode("ascii", "replace").strip() or "unknown"
    return None


def last_refusal(directory: Path) -> str:
    """Return why the last start over a store ended; empty if it did not."""
    with suppress(OSError, orjson.JSONDecodeError, KeyError):
        return str(orjson.loads((directory / REFUSED_NAME).read_bytes())["message"])
    return ""

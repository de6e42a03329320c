"""Why a collector did not start, left in the store's directory for `tracer doctor`."""

import json
from contextlib import suppress
from datetime import UTC, datetime

from collector.storage.location import StoreUrl

NAME = "tracer.refused"
"""Beside the lock; gone once a collector has started."""


def note(where: StoreUrl, message: str) -> None:
    """Write down why the store was not opened; a server has no place for it."""
    if where.is_embedded:
        said = {"at": datetime.now(UTC).isoformat(), "message": message}
        with suppress(OSError):
            (where.path / NAME).write_text(json.dumps(said), "utf-8")


def forget(where: StoreUrl) -> None:
    """Take back what an earlier start left."""
    if where.is_embedded:
        with suppress(OSError):
            (where.path / NAME).unlink(missing_ok=True)

"""The chore at work and those that ended, in memory."""

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from collector.api.refusals import conflict
from collector.errors import CollectorServiceError

MOST_KEPT = 100

Report = Callable[[int, int, str], None]
"""Told of progress: done, in all, what was done."""

log = logging.getLogger("collector")


@dataclass
class Chore:
    """One long work; changed by its own thread only, read by anybody."""

    id: str
    """Its own among all collectors' of a store: a balancer may ask another of them."""

    kind: str
    """What it does."""

    state: Literal["running", "done", "failed"] = "running"
    """Where it is."""

    done: int = 0
    """How much is done, in the work's own unit."""

    total: int = 0
    """How much there is; 0 until it is known."""

    what: str = ""
    """What was done last."""

    error: str = ""
    """Why it failed."""

    result: Mapping[str, Any] = field(default_factory=dict)
    """What came of it."""

    def report(self, done: int, total: int, what: str) -> None:
        """Note progress."""
        self.done, self.total, self.what = done, total, what


class Chores:
    """Starts long work in a thread of its own, one at a time."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: OrderedDict[str, Chore] = OrderedDict()

    def start(self, kind: str, work: Callable[[Report], Mapping[str, Any]]) -> Chore:
        """Begin a work.

        Raises:
            Refusal: 409 if another one runs.
        """
        with self._guard:
            for other in self._kept.values():
                if other.state == "running":
                    raise conflict(
                        f"chore {other.id} ({other.kind}) is running",
                        hint=f"wait for GET /chores/{other.id} to end",
                    )
            chore = Chore(secrets.token_hex(8), kind)
            self._kept[chore.id] = chore
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        thread = threading.Thread(
            target=_run, args=(chore, work), name=kind, daemon=True
        )
        thread.start()
        return chore

    def find(self, chore_id: str) -> Chore | None:
        """Return a chore, None if there is none or it was forgotten."""
        return self._kept.get(chore_id)


def _run(chore: Chore, work: Callable[[Report], Mapping[str, Any]]) -> None:
    try:
        chore.result = work(chore.report)
        chore.state = "done"
        log.info("chore %s (%s) is done", chore.id, chore.kind)
    except CollectorServiceError as error:
        chore.error, chore.state = str(error), "failed"
        log.error("chore %s (%s) failed: %s", chore.id, chore.kind, error)
    except Exception as error:  # the edge: a bug must not leave it running for ever
        chore.error, chore.state = f"{error!r}; see the collector's log", "failed"
        log.exception("chore %s (%s) failed", chore.id, chore.kind)

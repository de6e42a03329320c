"""One leased job on a worker's desk: its document, kept true at the collector."""

import threading
import time
from typing import Any

from tracer.client import Client
from tracer.errors import ConflictError

Job = dict[str, Any]
"""A job document; docs/api.md names its keys."""

REPORT_EVERY_S = 1.0
"""Progress is written at most this often, and the lease renewed with it."""


class JobStopped(BaseException):
    """The job at hand is not to go on; `state` is what becomes of it.

    No `Exception`: nothing has failed, so a run that it ends can be taken up again.
    """

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class Desk:
    """Writes progress and end of one job, and hears when it is to stop.

    Args:
        client: The collector that holds the job.
        job: The document as it was leased.
        stop: Set when the worker is to end.
    """

    def __init__(self, client: Client, job: Job, stop: threading.Event) -> None:
        self._client = client
        self._job = job
        self._stop = stop
        self._began_ns = time.time_ns()
        self._written_s = time.monotonic()
        self._has_reported = False
        self._told: dict[str, Any] = {}

    @property
    def goes_on(self) -> str | None:
        """The run that an earlier attempt at the job left behind; None if none did."""
        asked: str | None = self._job["params"].get("resume")
        return asked or self._job["progress"].get("evaluation_id")

    def report(self, done: int, total: int, **said: Any) -> None:
        """Say how far the job is; a job calls it often, beginning with its first step.

        Args:
            done: Steps that are done.
            total: Steps in all.
            said: What else is known so far: errors, cost, the run that is made.

        Raises:
            JobStopped: Somebody cancelled the job, another worker has it, or this
                worker is to end.
        """
        if self._stop.is_set():
            raise JobStopped("queued")
        self._told = told = {
            "done": done,
            "total": total,
            "began_ns": self._began_ns,
            **said,
        }
        is_recent = time.monotonic() - self._written_s < REPORT_EVERY_S
        if is_recent and self._has_reported and done < total:
            return
        self._has_reported = True
        self._write(state="running", progress=told)
        if self._job.get("cancel_requested"):
            raise JobStopped("cancelled")

    def close(self, state: str, **said: Any) -> None:
        """Write how the job ended; nothing if it has become another worker's."""
        progress = {"progress": self._told} if self._told else {}
        try:
            self._write(state=state, **progress, **said)
        except JobStopped as stopped:
            if stopped.state != "lost":
                raise

    def _write(self, **changes: Any) -> None:
        try:
            self._job = self._client.save_job({**self._job, **changes})
        except ConflictError:
            self._job = self._client.save_job({**self._reread(), **changes})
        self._written_s = time.monotonic()

    def _reread(self) -> Job:
        """Return the newest document; somebody has written it since."""
        found = self._client.job(self._job["id"], project=self._job["project"])
        if found["state"] != "running" or found["worker"] != self._job["worker"]:
            raise JobStopped("lost")
        return found

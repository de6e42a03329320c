"""The loop of a worker: lease a job, do it, write down how it went."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from tracer.alerts.rounds import AlertRounds
from tracer.client import Client
from tracer.errors import CollectorError
from tracer.online.rounds import OnlineRounds
from tracer.worker.ask_judge import ask_judge
from tracer.worker.desk import Desk, Job, JobStopped
from tracer.worker.presence import Presence
from tracer.worker.run_model import run_model
from tracer.worker.score_dataset import score_dataset
from tracer.worker.score_traces import score_traces

logger = logging.getLogger("tracer")

Work = Callable[..., dict[str, Any]]
"""Is given client, job and desk, and the ``judge_cache`` by name."""

KINDS: Mapping[str, Work] = {
    "score_dataset": score_dataset,
    "score_traces": score_traces,
    "run_model": run_model,
    "ask_judge": ask_judge,
}
"""What a job of each kind does; answers its result."""

POLL_S = 1.0
"""How long a worker with nothing to do waits before it asks again."""


class Worker:
    """Takes one job at a time, and turns at online scoring in between.

    Args:
        client: The collector whose jobs are taken.
        stop: Set by the caller to end; the job at hand goes back into the queue.
        judge_cache: File in which replies of judges are kept; None keeps none.
        webhook_hosts: Private hosts that alerts may be posted to.
    """

    def __init__(
        self,
        client: Client,
        stop: threading.Event,
        *,
        judge_cache: str | None = None,
        webhook_hosts: Iterable[str] = (),
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self._client = client
        self._stop = stop
        self._is_away = False
        self._has_cache = judge_cache is not None
        self._kinds: Mapping[str, Work] = {
            kind: partial(work, judge_cache=judge_cache) for kind, work in KINDS.items()
        }
        self._online = OnlineRounds(client, self.name, stop, judge_cache=judge_cache)
        hosts = frozenset(host.lower() for host in webhook_hosts)
        self._alerts = AlertRounds(client, self.name, stop, hosts=hosts)

    def run(self, *, until_idle: bool = False) -> None:
        """Work until stopped, or until no job waits.

        Raises:
            CollectorError: Only with `until_idle`; else an absent collector is waited
                for.
        """
        with Presence(self._client, self.name, KINDS, has_cache=self._has_cache):
            if until_idle:
                self._alerts.look()
                self._work(until_idle=True)
                return
            with self._alerts.watching():
                self._work(until_idle=False)

    def _work(self, *, until_idle: bool) -> None:
        while not self._stop.is_set():
            try:
                found = self.take_one()
                found = self._online.take_turn() or found
                self._is_away = False
            except CollectorError as error:
                if until_idle:
                    raise
                found = False
                self._say_away(error)
            if not found:
                if until_idle:
                    return
                self._stop.wait(POLL_S)

    def take_one(self) -> bool:
        """Do the oldest job that waits; return whether there was one."""
        job = self._client.lease_job(self.name)
        if job is None:
            return False
        desk = Desk(self._client, job, self._stop)
        try:
            work: Work = self._kinds.get(job["kind"], unknown_kind)
            desk.close("done", result=work(self._client, job, desk))
        except JobStopped as stopped:
            desk.close(stopped.state)
        except Exception as error:  # whatever a job does, the next one must run
            logger.info("job %s failed", job["id"], exc_info=error)
            desk.close("failed", message=f"{type(error).__name__}: {error}")
        return True

    def _say_away(self, error: CollectorError) -> None:
        if not self._is_away:
            logger.warning("worker waits: %s", error)
        self._is_away = True


def unknown_kind(client: Client, job: Job, desk: Desk) -> dict[str, Any]:
    """Refuse a job that this version cannot do."""
    raise ValueError(
        f"jobs of kind {job['kind']!r} are unknown to this worker; "
        f"it knows {', '.join(KINDS)}"
    )

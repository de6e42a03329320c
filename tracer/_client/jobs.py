"""The part of `Client` about work that takes long: who does it, what it will cost."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from tracer._client.api import in_path
from tracer._client.asking import Asking
from tracer._client.records import Row
from tracer._client.rows import Rows, typed

if TYPE_CHECKING:
    from tracer.client import Client
    from tracer.worker.estimating import JobEstimate


ALIVE_S = 20
"""A worker that was silent for longer is not counted on; it speaks every 5 seconds."""


class Jobs(Asking):
    """Jobs for `tracer worker`; `Client.jobs` lists them, `cancel_job` ends one."""

    def start_job(
        self,
        kind: str,
        params: Mapping[str, Any],
        *,
        project: str,
        asked_by: str | None = None,
    ) -> Row:
        """Put a job into the queue and return it; a worker does it.

        Args:
            kind: ``score_dataset``, ``score_traces``, ``run_model`` or ``ask_judge``.
            params: As docs/running.md has them; None stands for absent.
            project: Project that it belongs to.
            asked_by: Who asks, for the list of jobs.

        Raises:
            CollectorError: 422, the parameters are not those of the kind.
        """
        job = {
            "project": project,
            "kind": kind,
            "params": {name: one for name, one in params.items() if one is not None},
            "state": "queued",
            "asked_by": asked_by,
            "replaces": 0,
        }
        path = f"jobs/{in_path(uuid.uuid4().hex)}"
        return typed(self._api.send("PUT", path, job))

    def estimate_job(
        self, kind: str, params: Mapping[str, Any], *, project: str
    ) -> "JobEstimate":
        """Return what a job will ask models and cost, before it is started.

        Prompts are made of a sample of its rows and counted by letters; no model is
        asked.

        Args:
            kind: As for `start_job`.
            params: As for `start_job`.
            project: Project that it belongs to.

        Raises:
            NotFoundError: There is no such dataset or judge.
            ConfigurationError: No judge can be made of a definition.
        """
        from tracer.worker.estimating import estimate_job

        return estimate_job(cast("Client", self), kind, params, project=project)

    def retry_job(
        self,
        id: str,
        *,
        project: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Row:
        """Put a job that ended back into the queue; it goes on where it stopped.

        Args:
            id: Which job.
            project: Project that it belongs to.
            params: Parameters that are to change, as ``spending_limit_usd``.

        Raises:
            NotFoundError: There is no such job.
            ConflictError: It waits or runs.
        """
        body = {"project": project, "params": dict(params or {})}
        return typed(self._api.send("POST", f"jobs/{in_path(id)}/retry", body))

    def workers(self, *, project: str | None = None) -> Rows:
        """Return the workers that were heard of in the last hour, the latest first."""
        return self._api.rows("workers", limit=None, project=project)

    def report_worker(
        self,
        name: str,
        about: Mapping[str, Any] | None = None,
        *,
        project: str | None = None,
    ) -> Row:
        """Say that a worker lives, and what it is; workers do so by themselves."""
        body = {"about": dict(about or {}), "project": project}
        return typed(self._api.send("PUT", f"workers/{in_path(name)}", body))

    def forget_worker(self, name: str) -> None:
        """Say that a worker has ended."""
        self._api.send("DELETE", f"workers/{in_path(name)}")

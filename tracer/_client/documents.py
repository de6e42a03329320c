"""The part of `Client` that edits: saved views, jobs."""

from collections.abc import Iterable, Mapping
from typing import Any

from tracer._client.api import in_path
from tracer._client.asking import Asking
from tracer._client.records import Row
from tracer._client.rows import Rows, typed


class Documents(Asking):
    """What people edit. A write may name the version that it replaces."""

    def views(self, *, project: str | None = None) -> Rows:
        """Return the saved views, the latest changed first."""
        return self._api.rows("views", limit=None, project=project)

    def save_view(
        self,
        id: str,
        *,
        project: str,
        name: str,
        page: str,
        params: Mapping[str, Any],
        replaces: int | None = None,
        author: str | None = None,
    ) -> Row:
        """Save a view and return it.

        Raises:
            ConflictError: `replaces` is not the newest version.
        """
        body = {
            "project": project,
            "name": name,
            "page": page,
            "params": dict(params),
            "replaces": replaces,
            "author": author,
        }
        return typed(self._api.send("PUT", f"views/{in_path(id)}", body))

    def delete_view(self, id: str, *, project: str) -> None:
        """Take a saved view away."""
        self._api.send("DELETE", f"views/{in_path(id)}", project=project)

    def jobs(
        self,
        *,
        project: str | None = None,
        state: str | None = None,
        limit: int | None = None,
    ) -> Rows:
        """Return jobs, the latest changed first; 1,000 at most.

        Args:
            project: Only this project's.
            state: Only those ``queued running done failed cancelled``.
            limit: The most wanted.
        """
        return self._api.rows("jobs", limit=limit, project=project, state=state)

    def job(self, id: str, *, project: str | None = None) -> Row:
        """Return one job.

        Raises:
            NotFoundError: There is no such job.
        """
        return typed(self._api.get(f"jobs/{in_path(id)}", project=project))

    def save_job(self, job: Mapping[str, Any]) -> Row:
        """Save a job and return it with its new version.

        Args:
            job: ``id project kind params`` and whatever changed (``state progress
                message result``). With ``version``, the one this write replaces.

        Raises:
            ConflictError: Somebody else wrote the job since; read it again.
        """
        return self._write("jobs", job, read_only=_READ_ONLY)

    def lease_job(
        self,
        worker: str,
        *,
        kinds: Iterable[str] | None = None,
        lease_s: float = 60.0,
        project: str | None = None,
    ) -> Row | None:
        """Take the oldest job that waits, or whose worker fell silent; None if none.

        Args:
            worker: Who takes it.
            kinds: Only jobs of these kinds.
            lease_s: How long the worker may stay silent; every `save_job` of it
                with a state ``running`` begins the time anew.
            project: Only jobs of this project.
        """
        body = {
            "worker": worker,
            "kinds": None if kinds is None else list(kinds),
            "lease_s": lease_s,
            "project": project,
        }
        found = self._api.send("POST", "jobs/lease", body)["job"]
        return None if found is None else typed(found)

    def cancel_job(self, id: str, *, project: str | None = None) -> Row:
        """Ask for a job to end; its worker sees ``cancel_requested``.

        Raises:
            NotFoundError: There is no such job.
        """
        path = f"jobs/{in_path(id)}/cancel"
        return typed(self._api.send("POST", path, {"project": project}))


_READ_ONLY = frozenset({"version", "at", "id"})

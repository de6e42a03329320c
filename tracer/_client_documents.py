"""The part of `Client` that edits: datasets, saved views, jobs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracer._api import in_path
from tracer._client_asking import Asking
from tracer._rows import Rows, typed

Row = dict[str, Any]


@dataclass(frozen=True)
class DatasetVersion:
    """One version of a dataset, as the collector holds it."""

    row: Row
    """The dataset as lists show it, with this version."""

    rows: Rows = field(repr=False)
    """Its examples in order: ``id inputs expected output metadata source``."""

    @property
    def name(self) -> str:
        """Name of the dataset."""
        return str(self.row["name"])

    @property
    def version(self) -> str:
        """Hash of the rows in their order."""
        return str(self.row["version"])


class Documents(Asking):
    """What people edit. A write may name the version that it replaces."""

    def datasets(self, *, project: str | None = None) -> Rows:
        """Return every dataset, the latest changed first."""
        return self._api.rows("datasets", limit=None, project=project)

    def dataset(
        self, name: str, version: str | None = None, *, project: str | None = None
    ) -> DatasetVersion:
        """Return a dataset's newest version, or the one named.

        Raises:
            NotFoundError: There is no such dataset or version.
        """
        path = f"datasets/{in_path(name)}"
        found = self._api.get(path, version=version, project=project)
        return DatasetVersion(typed(found["dataset"]), Rows(found["rows"]))

    def save_dataset(
        self,
        name: str,
        rows: Iterable[Mapping[str, Any]],
        *,
        project: str,
        replaces: str | None = None,
        append: bool = False,
        note: str | None = None,
        author: str | None = None,
        description: str | None = None,
    ) -> Row:
        """Save a new version of a dataset; rows that are stored already are shared.

        Args:
            name: Name of the dataset.
            rows: ``{"inputs": {…}, "expected": …, …}``, or flat as `tracer.Dataset`
                reads them; ids are made where missing.
            project: Project that it belongs to.
            replaces: Version that this one follows; None does not check.
            append: Whether the rows come after the newest version's.
            note: What changed.
            author: Who saved it.
            description: What the dataset is; None keeps what was said before.

        Raises:
            ConflictError: `replaces` is not the newest version.
            ValueError: A row is no mapping or has no inputs.
        """
        from tracer.evaluation._rows import read_row

        body = {
            "project": project,
            "rows": [read_row(row, number=i).row for i, row in enumerate(rows)],
            "append": append,
            "note": note,
            "author": author,
            "description": description,
        }
        if replaces is not None:
            body["replaces"] = replaces
        return typed(self._api.send("PUT", f"datasets/{in_path(name)}", body))

    def dataset_versions(self, name: str, *, project: str | None = None) -> Rows:
        """Return a dataset's versions, newest first."""
        path = f"datasets/{in_path(name)}/versions"
        return self._api.rows(path, limit=None, project=project)

    def delete_dataset(self, name: str, *, project: str) -> None:
        """Take a dataset out of the lists; its versions stay readable by name."""
        self._api.send("DELETE", f"datasets/{in_path(name)}", project=project)

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
        body = {key: value for key, value in job.items() if key not in _READ_ONLY}
        body["replaces"] = job.get("version")
        return typed(self._api.send("PUT", f"jobs/{in_path(str(job['id']))}", body))

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

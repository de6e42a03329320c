"""The part of `Client` that reads and edits datasets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracer._client.api import in_path
from tracer._client.asking import Asking
from tracer._client.records import Row
from tracer._client.rows import Rows, typed
from tracer._client.sent_rows import sent_row, sent_rows


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


@dataclass(frozen=True)
class DatasetPage:
    """Some rows of a version."""

    row: Row
    """The dataset as lists show it, with this version and its ``schema``."""

    rows: Rows = field(repr=False)
    """Its examples, each with its ``place`` in the version, from 0."""

    n_matching: int
    """How many rows there are of which these are a page."""


@dataclass(frozen=True)
class DatasetChanges:
    """What a version of a dataset has that an earlier one has not."""

    rows: Rows = field(repr=False)
    """One page: ``change`` (added, removed, changed) ``id before after parts``."""

    n_added: int
    """Rows that only the later version has."""

    n_removed: int
    """Rows that only the earlier one has."""

    n_changed: int
    """Rows that say something else."""

    n_unchanged: int
    """Rows that both have."""

    is_last: bool
    """Whether no page follows."""


class Datasets(Asking):
    """Datasets and their versions. A write may name the version that it replaces."""

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
            ValueError: A row is no mapping, has no inputs, or has the id of another
                of these rows with other inputs.
        """
        body = {
            "project": project,
            "rows": sent_rows(rows),
            "append": append,
            "note": note,
            "author": author,
            "description": description,
        }
        if replaces is not None:
            body["replaces"] = replaces
        return typed(self._api.send("PUT", f"datasets/{in_path(name)}", body))

    def dataset_versions(
        self, name: str, *, project: str | None = None, counted: bool = False
    ) -> Rows:
        """Return a dataset's versions, newest first.

        Args:
            name: Name of the dataset.
            project: Project that it belongs to.
            counted: Whether each of the newest tells how many rows are new in it
                (``n_new``) and gone from the one before (``n_gone``).
        """
        path = f"datasets/{in_path(name)}/versions"
        wanted = "1" if counted else None
        return self._api.rows(path, limit=None, project=project, counted=wanted)

    def delete_dataset(self, name: str, *, project: str) -> None:
        """Take a dataset out of the lists; its versions stay readable by name."""
        self._api.send("DELETE", f"datasets/{in_path(name)}", project=project)

    def dataset_rows(
        self,
        name: str,
        version: str | None = None,
        *,
        project: str | None = None,
        text: str | None = None,
        split: str | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> DatasetPage:
        """Return some rows of a dataset's newest version, or of the one named.

        Args:
            name: Name of the dataset.
            version: Which version.
            project: Project that it belongs to.
            text: Only rows that contain it, whatever its case.
            split: Only rows whose metadata name this ``split``.
            limit: Rows at most, 1 to 1000.
            offset: Rows that come before them.

        Raises:
            NotFoundError: There is no such dataset or version.
        """
        found = self._api.get(
            f"datasets/{in_path(name)}",
            version=version,
            project=project,
            text=text,
            split=split,
            limit=limit,
            offset=offset,
        )
        rows = Rows(found["rows"])
        return DatasetPage(typed(found["dataset"]), rows, found["n_matching"])

    def dataset_splits(
        self, name: str, version: str, *, project: str | None = None
    ) -> Rows:
        """Return the splits that rows of a version name: ``split n_rows``."""
        path = f"datasets/{in_path(name)}/versions/{in_path(version)}/splits"
        return self._list(path, project=project)

    def dataset_changes(
        self,
        name: str,
        before: str,
        after: str,
        *,
        project: str | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> DatasetChanges:
        """Return what one version of a dataset has that an earlier one has not.

        Rows are matched by their ids, else by where they stand. Where a row is from is
        no change of it.

        Raises:
            NotFoundError: There is no such dataset or version.
        """
        found = self._api.get(
            f"datasets/{in_path(name)}/versions/{in_path(after)}/changes",
            before=before,
            project=project,
            limit=limit,
            offset=offset,
        )
        return DatasetChanges(**{**found, "rows": Rows(found["rows"])})

    def edit_dataset(
        self,
        name: str,
        *,
        project: str,
        base: str,
        changed: Mapping[int, Mapping[str, Any] | None] | None = None,
        added: Iterable[Mapping[str, Any]] = (),
        replaces: str | None = None,
        note: str | None = None,
        author: str | None = None,
    ) -> Row:
        """Save a version in which single rows differ; the others are not sent.

        Args:
            name: Name of the dataset.
            project: Project that it belongs to.
            base: The version in which rows are counted.
            changed: Place in it, from 0, to the row that stands there from now on; None
                takes the row out.
            added: Rows that come after all others.
            replaces: The newest version, where that is another than `base`: each edit
                is made where its row stands there; an edited row that is gone is put
                at the end. None refuses the edits if `base` is not the newest.
            note: What changed.
            author: Who saved it.

        Raises:
            ConflictError: Another version is the newest.
            ValueError: A row is no mapping, has no inputs, or of those added has the
                id of another with other inputs.
        """
        rows = {
            str(place): None if row is None else sent_row(row, place)
            for place, row in (changed or {}).items()
        }
        body = {
            "project": project,
            "base": base,
            "changed": rows,
            "added": sent_rows(added),
            "note": note,
            "author": author,
        }
        if replaces is not None:
            body["replaces"] = replaces
        return typed(self._api.send("PATCH", f"datasets/{in_path(name)}", body))

    def copy_dataset(
        self,
        name: str,
        to: str,
        *,
        project: str,
        version: str | None = None,
        replaces: str | None = None,
        note: str | None = None,
        author: str | None = None,
    ) -> Row:
        """Save the rows of a dataset under a name; under its own that restores them.

        Args:
            name: The dataset that has the rows.
            to: The dataset that gets them, as its newest version.
            project: Project of both.
            version: The version that has them; the newest if None.
            replaces: Version that this one follows, empty for none; None does not
                check.
            note: What changed.
            author: Who saved it.

        Raises:
            NotFoundError: There is no such dataset or version.
            ConflictError: `replaces` is not the newest version.
        """
        body = {
            "project": project,
            "of": {"name": name, "version": version},
            "note": note,
            "author": author,
        }
        if replaces is not None:
            body["replaces"] = replaces
        return typed(self._api.send("PUT", f"datasets/{in_path(to)}", body))

    def rename_dataset(
        self, name: str, to: str, *, project: str, author: str | None = None
    ) -> Row:
        """Give a dataset another name, with all its versions.

        Evaluation runs keep the name that they were made with.

        Raises:
            NotFoundError: There is no such dataset.
            ConflictError: The other name is taken.
        """
        body = {"project": project, "to": to, "author": author}
        path = f"datasets/{in_path(name)}/rename"
        return typed(self._api.send("POST", path, body))

    def describe_dataset(
        self,
        name: str,
        *,
        project: str,
        description: str | None = None,
        tags: Iterable[str] | None = None,
        schema: Mapping[str, Any] | bool | None = None,
        author: str | None = None,
    ) -> Row:
        """Say what a dataset is, without a new version; return it.

        Args:
            name: Name of the dataset.
            project: Project that it belongs to.
            description: What it is; None keeps what was said.
            tags: Words to find it by; None keeps those it has.
            schema: JSON Schema that its rows should fit; False takes it away, None
                keeps the one it has.
            author: Who says so.

        Raises:
            NotFoundError: There is no such dataset.
        """
        body: Row = {"project": project, "author": author}
        if description is not None:
            body["description"] = description
        if tags is not None:
            body["tags"] = list(tags)
        if schema is not None:
            body["schema"] = schema or None
        path = f"datasets/{in_path(name)}/describe"
        return typed(self._api.send("POST", path, body))

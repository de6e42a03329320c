"""Datasets: their rows by pages, their versions, and what people change in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import roles
from dashboard.data._reading import Row, cached, client, forget, long_cached

ROWS_OF_PAGE: Final = 50
CHANGES_OF_PAGE: Final = 25
MOST_COMPARED: Final = 10_000
"""Rows of a dataset with which new ones are compared, the last."""

_AT_ONCE: Final = 1000


@dataclass(frozen=True)
class Dataset:
    """One version of a dataset."""

    row: Row
    """The dataset as lists show it."""
    rows: list[Row]
    """Its examples, in order."""


@dataclass(frozen=True)
class DatasetPage:
    """Some rows of a version."""

    row: Row
    """The dataset as lists show it, with its ``schema``."""
    rows: list[Row]
    """Its examples, each with its ``place`` in the version."""
    n_matching: int
    """How many rows there are of which these are a page."""


@dataclass(frozen=True)
class DatasetChanges:
    """What one version has that an earlier one has not."""

    rows: list[Row]
    """One page of them."""
    counts: dict[str, int]
    """``added removed changed unchanged`` of all."""
    is_last: bool
    """Whether no page follows."""


@cached
def datasets(project: str | None) -> list[Row]:
    """Return all datasets."""
    return list(client().datasets(project=project))


def whole_dataset(name: str, project: str, *, version: str) -> Dataset:
    """Return one version of a dataset with all its rows, read anew, for a file.

    Raises:
        NotFoundError: There is no such dataset or version.
    """
    found = client().dataset(name, project=project, version=version)
    return Dataset(dict(found.row), list(found.rows))


dataset = cached(whole_dataset)
"""The same, kept for a few seconds."""


@cached
def dataset_row(name: str, project: str, place: int) -> Row | None:
    """Return a row of the newest version by its place, from 0; None past the end."""
    found = client().dataset_rows(name, project=project, limit=1, offset=place)
    return next(iter(found.rows), None)


@cached
def dataset_page(
    name: str,
    project: str,
    *,
    version: str | None = None,
    text: str | None = None,
    split: str | None = None,
    page: int = 1,
) -> DatasetPage:
    """Return one page of a version's rows, the first is 1.

    Raises:
        NotFoundError: There is no such dataset or version.
    """
    found = client().dataset_rows(
        name,
        version,
        project=project,
        text=text,
        split=split,
        limit=ROWS_OF_PAGE,
        offset=(page - 1) * ROWS_OF_PAGE,
    )
    return DatasetPage(dict(found.row), list(found.rows), found.n_matching)


@cached
def dataset_versions(name: str, project: str) -> list[Row]:
    """Return a dataset's versions, newest first."""
    return list(client().dataset_versions(name, project=project))


@cached
def counted_versions(name: str, project: str) -> list[Row]:
    """Return a dataset's versions with their new and gone rows, newest first."""
    return list(client().dataset_versions(name, project=project, counted=True))


@long_cached
def dataset_splits(name: str, project: str, version: str) -> dict[str, int]:
    """Return split → rows of a version, the largest first."""
    found = client().dataset_splits(name, version, project=project)
    return {row["split"]: row["n_rows"] for row in found}


@long_cached
def dataset_changes(
    name: str, project: str, *, before: str, after: str, page: int = 1
) -> DatasetChanges:
    """Return one page of what a version has that an earlier one has not."""
    found = client().dataset_changes(
        name,
        before,
        after,
        project=project,
        limit=CHANGES_OF_PAGE,
        offset=(page - 1) * CHANGES_OF_PAGE,
    )
    counts = {
        "added": found.n_added,
        "removed": found.n_removed,
        "changed": found.n_changed,
        "unchanged": found.n_unchanged,
    }
    return DatasetChanges(list(found.rows), counts, found.is_last)


@cached
def last_rows(name: str, project: str) -> list[Row]:
    """Return a dataset's last rows, `MOST_COMPARED` at most; none if it is new."""
    known = {row["name"]: row for row in datasets(project)}
    if name not in known:
        return []
    version, n_rows = known[name]["version"], known[name]["n_rows"]
    found: list[Row] = []
    for first in range(max(0, n_rows - MOST_COMPARED), n_rows, _AT_ONCE):
        page = client().dataset_rows(
            name, version, project=project, limit=_AT_ONCE, offset=first
        )
        found += page.rows
    return found


def add_rows(
    name: str,
    project: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    note: str | None = None,
    replace_all: bool = False,
    description: str | None = None,
) -> Row:
    """Append rows to a dataset, making it if need be; return it as lists show it.

    Args:
        name: Its name.
        project: Its project.
        rows: What is added.
        note: What is said of the new version.
        replace_all: Whether they take the place of the rows that it has.
        description: What the dataset is; None keeps what was said.
    """
    saved = client().save_dataset(
        name,
        rows,
        project=project,
        append=not replace_all,
        author=roles.author(),
        note=note or None,
        description=description or None,
    )
    forget()
    return dict(saved)


def edit_dataset(
    name: str,
    project: str,
    *,
    base: str,
    changed: Mapping[int, Mapping[str, Any] | None],
    added: Sequence[Mapping[str, Any]] = (),
    replaces: str | None = None,
    note: str = "",
) -> Row:
    """Save a version with single rows changed; return the dataset.

    Raises:
        ConflictError: `base`, or `replaces` if given, is not the newest version.
    """
    saved = client().edit_dataset(
        name,
        project=project,
        base=base,
        changed=changed,
        added=added,
        replaces=replaces,
        note=note or None,
        author=roles.author(),
    )
    forget()
    return dict(saved)


def save_all_rows(
    name: str,
    project: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    replaces: str,
    note: str,
) -> Row:
    """Save a version with these rows and no others; return the dataset.

    Raises:
        ConflictError: `replaces` is not the newest version.
    """
    saved = client().save_dataset(
        name, rows, project=project, replaces=replaces, note=note, author=roles.author()
    )
    forget()
    return dict(saved)


def copy_dataset(
    name: str,
    to: str,
    project: str,
    *,
    version: str | None = None,
    replaces: str | None = None,
    note: str = "",
) -> Row:
    """Save a version's rows under a name; under its own that restores the version.

    Raises:
        ConflictError: `replaces` is not the newest version of `to`; empty for none.
    """
    saved = client().copy_dataset(
        name,
        to,
        project=project,
        version=version,
        replaces=replaces,
        note=note or None,
        author=roles.author(),
    )
    forget()
    return dict(saved)


def rename_dataset(name: str, to: str, project: str) -> None:
    """Give a dataset another name.

    Raises:
        ConflictError: The name is taken.
    """
    client().rename_dataset(name, to, project=project, author=roles.author())
    forget()


def describe_dataset(name: str, project: str, **said: Any) -> None:
    """Say what a dataset is: ``description``, ``tags``, ``schema``."""
    client().describe_dataset(name, project=project, author=roles.author(), **said)
    forget()


def delete_dataset(name: str, project: str) -> None:
    """Take a dataset out of the lists."""
    client().delete_dataset(name, project=project)
    forget()

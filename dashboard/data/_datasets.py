"""Datasets: their rows, their versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import roles
from dashboard.data._reading import Row, cached, client, forget


@dataclass(frozen=True)
class Dataset:
    """One version of a dataset."""

    row: Row
    """The dataset as lists show it."""
    rows: list[Row]
    """Its examples, in order."""


@cached
def datasets(project: str | None) -> list[Row]:
    """Return all datasets."""
    return list(client().datasets(project=project))


@cached
def dataset(name: str, project: str, *, version: str | None = None) -> Dataset:
    """Return one version of a dataset, the newest unless told.

    Raises:
        NotFoundError: There is no such dataset or version.
    """
    found = client().dataset(name, project=project, version=version)
    return Dataset(dict(found.row), list(found.rows))


@cached
def dataset_versions(name: str, project: str) -> list[Row]:
    """Return a dataset's versions, newest first."""
    return list(client().dataset_versions(name, project=project))


def add_rows(name: str, project: str, rows: Sequence[Mapping[str, Any]]) -> Row:
    """Append rows to a dataset, making it if need be; return it as lists show it."""
    saved = client().save_dataset(
        name, rows, project=project, append=True, author=roles.author()
    )
    forget()
    return dict(saved)


def delete_dataset(name: str, project: str) -> None:
    """Take a dataset out of the lists."""
    client().delete_dataset(name, project=project)
    forget()

"""Rows of a dataset page by page, and what is counted over them."""

from dataclasses import dataclass

import orjson

from collector.storage.datasets.versions import (
    MAX_LISTED,
    list_versions,
    place_of,
    read_version,
)
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Scope

MOST_COUNTED = 30
"""Versions whose changes are counted, the newest."""

MOST_ROWS_COUNTED = 3_000_000
"""Rows of them together: each is held while they are compared."""

_SAID = " ".join(
    """concat(
    JSONExtractRaw(dataset_rows.body, 'inputs'), ' ',
    JSONExtractRaw(dataset_rows.body, 'expected'), ' ',
    JSONExtractRaw(dataset_rows.body, 'output'), ' ',
    JSONExtractRaw(dataset_rows.body, 'metadata')
    )""".split()
)


@dataclass(frozen=True)
class PageOfRows:
    """Which rows of a version are wanted."""

    limit: int
    """Rows at most."""

    offset: int = 0
    """Rows that come before them."""

    text: str = ""
    """Only rows that contain it, whatever its case, or have it as id; empty for all."""

    split: str = ""
    """Only rows whose metadata name this ``split``; empty for all."""


def read_page(
    reader: Reader,
    projects: tuple[str, ...] | None,
    name: str,
    *,
    version: str | None,
    page: PageOfRows,
) -> tuple[Row, list[Row], int]:
    """Return a dataset's row, one page of a version's rows, and how many match.

    Each row has its ``place`` in the version, from 0.

    Raises:
        Refusal: 404 if there is no such dataset or version.
    """
    shown = read_version(reader, projects, name, version=version)
    asked = {**place_of(shown), "limit": page.limit, "offset": page.offset}
    if not (page.text or page.split):
        rows = reader.rows("dataset_rows_page", asked, matching="1")
        return shown, [_placed(row) for row in rows], int(shown["n_rows"])
    conditions = []
    if page.text:
        # as JSON has it: quotes and line breaks of a value are escaped in there
        asked["text"] = orjson.dumps(page.text).decode()[1:-1]
        asked["id"] = page.text
        conditions.append(
            f"(positionCaseInsensitiveUTF8({_SAID}, {{text:String}}) > 0"
            " OR JSONExtractString(dataset_rows.body, 'id') = {id:String})"
        )
    if page.split:
        asked["split"] = page.split
        conditions.append(
            "JSONExtractString(dataset_rows.body, 'metadata', 'split') = {split:String}"
        )
    matching = " AND ".join(conditions)
    rows = reader.rows("dataset_rows_found", asked, matching=matching)
    counted = rows
    if not rows and page.offset:  # the number stands on rows, and these are before
        asked |= {"limit": 1, "offset": 0}
        counted = reader.rows("dataset_rows_found", asked, matching=matching)
    n_matching = int(counted[0]["n_matching"]) if counted else 0
    return shown, [_placed(row) for row in rows], n_matching


def _placed(row: Row) -> Row:
    body: Row = orjson.loads(row["body"])
    return {"place": int(row["place"]), **body}


def list_splits(
    reader: Reader, projects: tuple[str, ...] | None, name: str, version: str | None
) -> list[Row]:
    """Return the splits that a version's rows name, the largest first.

    Raises:
        Refusal: 404 if there is no such dataset or version.
    """
    shown = read_version(reader, projects, name, version=version)
    return reader.rows("dataset_splits", place_of(shown) | {"limit": MAX_LISTED})


def list_changed_versions(
    reader: Reader, projects: tuple[str, ...] | None, name: str
) -> list[Row]:
    """Return a dataset's versions with ``n_new`` and ``n_gone`` rows, newest first.

    A row that was edited is new in one version and gone of the one before. Old
    versions, and those of very many rows, are not counted: None.
    """
    versions = list_versions(reader, projects, name)
    n_counted, n_rows = 0, 0
    for row in versions[: MOST_COUNTED + 1]:
        n_rows += int(row["n_rows"])
        if n_rows > MOST_ROWS_COUNTED:
            break
        n_counted += 1
    scope = Scope(projects=projects)
    found = reader.rows(
        "dataset_version_changes",
        scope.parameters | {"name": name, "limit": n_counted},
        projects=scope.projects_sql("dataset_versions"),
    )
    if n_counted < len(versions):  # the last has no one before it to be held against
        found = found[:-1]
    counts = {(row["project"], row["at"]): row for row in found}
    return [
        row
        | {
            key: counts.get((row["project"], row["at"]), {}).get(key)
            for key in ("n_new", "n_gone")
        }
        for row in versions
    ]

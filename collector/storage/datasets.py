"""Datasets: rows once by their content's hash, versions as ordered lists of them."""

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from collector.refusals import Refusal, conflict, not_found
from collector.storage.engine import Store, engine_errors
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Scope

HASH_DIGITS = 16
MAX_ROWS = 1_000_000
"""Of one version; more are refused, as a read would leave them out."""

ROWS_AT_A_TIME = 4000
"""Row ids named by one statement: on a server they travel in a form, whose fields hold
128 KiB."""

MAX_LISTED = 10_000
ROW_KEYS = ("id", "inputs", "expected", "output", "metadata", "source")
_WRITING = threading.Lock()


@dataclass(frozen=True)
class NewVersion:
    """What is to be saved."""

    project: str
    """Where the dataset belongs."""

    name: str
    """Its name, verbatim."""

    rows: Sequence[Any]
    """Dataset rows, in order; checked before they are stored."""

    append: bool = False
    """Whether they come after the rows of the newest version."""

    note: str = ""
    """What changed."""

    author: str = ""
    """Who saved it."""

    description: str = ""
    """What the dataset is; empty keeps what was said before."""


def list_datasets(
    reader: Reader, projects: tuple[str, ...] | None, *, name: str | None = None
) -> list[Row]:
    """Return dataset rows, the latest changed first; deleted ones not."""
    scope = Scope(projects=projects)
    parameters = scope.parameters | {"limit": MAX_LISTED}
    one = "1"
    if name is not None:
        parameters["name"] = name
        one = "dataset_versions.dataset = {name:String}"
    rows = reader.rows(
        "datasets",
        parameters,
        projects=scope.projects_sql("dataset_versions"),
        one=one,
    )
    return [row | {"at": row.pop("changed")} for row in rows]


def list_versions(
    reader: Reader, projects: tuple[str, ...] | None, name: str
) -> list[Row]:
    """Return a dataset's versions, newest first; empty if it is unknown."""
    scope = Scope(projects=projects)
    return reader.rows(
        "dataset_versions",
        scope.parameters | {"name": name, "limit": MAX_LISTED},
        projects=scope.projects_sql("dataset_versions"),
    )


def read_dataset(
    reader: Reader,
    projects: tuple[str, ...] | None,
    name: str,
    *,
    version: str | None = None,
) -> tuple[Row, list[orjson.Fragment]]:
    """Return a dataset's row and the rows of one version, in order.

    A deleted dataset is found by its versions only.

    Raises:
        Refusal: 404 if there is no such dataset or version.
    """
    dataset = next(iter(list_datasets(reader, projects, name=name)), None)
    versions = list_versions(reader, projects, name)
    wanted = version or (dataset["version"] if dataset else None)
    found = next((one for one in versions if one["version"] == wanted), None)
    if found is None:
        named = name if version is None else f"{name}:{version}"
        raise not_found("dataset", named, hint="GET /datasets lists them")
    shown = dataset or {"name": name, "project": found["project"], "description": None}
    shown = {**shown, **found, "n_versions": len({one["version"] for one in versions})}
    parameters = {
        "project": found["project"],
        "name": name,
        "version": wanted,
        "limit": MAX_ROWS,
    }
    rows = reader.rows("dataset_rows", parameters)
    return shown, [orjson.Fragment(row["body"]) for row in rows]


def save_dataset(
    store: Store, reader: Reader, new: NewVersion, *, replaces: str | None = None
) -> Row:
    """Store a version and return the dataset's row.

    Args:
        store: receives rows and version.
        reader: tells what is there.
        new: what is to be saved.
        replaces: version that must be the newest; ``""`` if there must be none; None
            does not ask.

    Raises:
        Refusal: 409 if another version is the newest, 413 for more rows than a version
            may have, 422 for rows that are none.
    """
    _check_number(new, len(new.rows))
    checked = [checked_row(row, number=number) for number, row in enumerate(new.rows)]
    order = [row_hash(row) for row in checked]
    bodies = dict(zip(order, checked, strict=True))
    with _WRITING:
        newest = next(iter(list_datasets(reader, (new.project,), name=new.name)), None)
        current = str(newest["version"]) if newest else ""
        if replaces is not None and replaces != current:
            raise conflict(
                f"dataset {new.name!r} is at version {current or None!r}",
                hint="read it again, then save what you want to change",
            )
        if new.append and newest:
            before = _row_ids(reader, new, current)
            held = set(before)
            added = (row_id for row_id in dict.fromkeys(order) if row_id not in held)
            order = [*before, *added]
            _check_number(new, len(order))
        _insert_rows(store, reader, new.project, bodies)
        _insert_version(store, new, order)
    return list_datasets(reader, (new.project,), name=new.name)[0]


def delete_dataset(store: Store, reader: Reader, project: str, name: str) -> None:
    """Take a dataset out of the lists; its versions can still be read.

    Raises:
        Refusal: 404 if there is none.
    """
    with _WRITING:
        if not list_datasets(reader, (project,), name=name):
            raise not_found("dataset", name, hint="GET /datasets lists them")
        _insert_version(store, NewVersion(project, name, ()), [], deleted=True)


def checked_row(row: Any, *, number: int) -> Row:
    """Return a dataset row with all its keys and an id.

    Raises:
        Refusal: 422 if it has no inputs, keys that rows do not have, or metadata or a
            source that is no object.
    """
    if not isinstance(row, Mapping) or not isinstance(row.get("inputs"), Mapping):
        raise _unfit(number, row, 'give {"inputs": {…}, "expected": …}')
    if unknown := row.keys() - set(ROW_KEYS):
        hint = f"rows have {', '.join(ROW_KEYS)}, not {', '.join(sorted(unknown))}"
        raise _unfit(number, row, hint)
    for key in ("metadata", "source"):
        if row.get(key) is not None and not isinstance(row[key], Mapping):
            raise _unfit(number, row, f"{key} is an object or null")
    return {
        "id": str(row.get("id") or content_hash(row["inputs"])),
        "inputs": row["inputs"],
        "expected": row.get("expected"),
        "output": row.get("output"),
        "metadata": row.get("metadata") or {},
        "source": row.get("source"),
    }


def _check_number(new: NewVersion, n_rows: int) -> None:
    if n_rows > MAX_ROWS:
        raise Refusal(
            413,
            "too_large",
            f"dataset {new.name!r} would have {n_rows} rows, {MAX_ROWS} at most",
            hint="split it into several datasets",
        )


def _unfit(number: int, row: Any, hint: str) -> Refusal:
    shown = repr(row)[:80]
    return Refusal(
        422, "bad_row", f"row {number} is no dataset row: {shown}", hint=hint
    )


def content_hash(value: Any) -> str:
    """Return the first 16 hex digits of SHA-256 over the value's canonical JSON."""
    canonical = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()[:HASH_DIGITS]


def row_hash(row: Row) -> str:
    """Return a dataset row's hash; in which file it stood is not what it says."""
    source = row.get("source")
    if isinstance(source, Mapping) and "file" in source:
        row = {**row, "source": None}
    return content_hash(row)


def version_of(row_ids: Iterable[str]) -> str:
    """Return the version of rows with these content hashes, in this order."""
    return hashlib.sha256("".join(row_ids).encode()).hexdigest()[:HASH_DIGITS]


def _row_ids(reader: Reader, new: NewVersion, version: str) -> list[str]:
    parameters = {"project": new.project, "name": new.name, "version": version}
    rows = reader.rows("dataset_rows", parameters | {"limit": MAX_ROWS})
    return [row["row_id"] for row in rows]


def _insert_rows(
    store: Store, reader: Reader, project: str, bodies: Mapping[str, Row]
) -> None:
    known = _known_rows(reader, project, list(bodies))
    at = datetime.now(UTC)
    rows = [
        [project, row_id.encode(), at, orjson.dumps(body).decode()]
        for row_id, body in bodies.items()
        if row_id not in known
    ]
    if rows:
        with engine_errors(), store.handle("write") as client:
            client.insert("dataset_rows", rows, ["project", "row_id", "at", "body"])


def _known_rows(reader: Reader, project: str, row_ids: list[str]) -> set[str]:
    known: set[str] = set()
    for first in range(0, len(row_ids), ROWS_AT_A_TIME):
        asked = {
            "project": project,
            "row_ids": row_ids[first : first + ROWS_AT_A_TIME],
            "limit": MAX_ROWS,
        }
        known |= {row["row_id"] for row in reader.rows("known_dataset_rows", asked)}
    return known


def _insert_version(
    store: Store, new: NewVersion, row_ids: Sequence[str], *, deleted: bool = False
) -> None:
    row = {
        "project": new.project,
        "dataset": new.name,
        "version": "" if deleted else version_of(row_ids),
        "at": datetime.now(UTC),
        "author": new.author,
        "note": new.note,
        "description": new.description,
        "deleted": deleted,
        "row_ids": [row_id.encode() for row_id in row_ids],
    }
    with engine_errors(), store.handle("write") as client:
        client.insert("dataset_versions", [list(row.values())], list(row))

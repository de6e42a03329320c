"""Datasets: rows once by their content's hash, versions as ordered lists of them."""

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from collector.api.refusals import Refusal, conflict, not_found
from collector.storage.datasets.words import forget_told, schema_of, told_of
from collector.storage.engine import Store, engine_errors
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Scope
from collector.storage.statements import sql

HASH_DIGITS = 16
MAX_ROWS = 1_000_000
"""Of one version; more are refused, as a read would leave them out."""

ROWS_AT_A_TIME = 4000
"""Row ids named by one statement: on a server they travel in a form, whose fields hold
128 KiB."""

MAX_LISTED = 10_000
ROW_KEYS = ("id", "inputs", "expected", "output", "metadata", "source")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WRITING = threading.Lock()


@dataclass(frozen=True)
class NewVersion:
    """What is to be saved."""

    project: str
    """Where the dataset belongs."""

    name: str
    """Its name, verbatim."""

    rows: Sequence[Any] = ()
    """Dataset rows, in order; checked before they are stored."""

    append: bool = False
    """Whether they come after the rows of the newest version."""

    note: str = ""
    """What changed."""

    author: str = ""
    """Who saved it."""

    description: str = ""
    """What the dataset is; empty keeps what was said before."""

    same_as: Sequence[str] | None = None
    """Content hashes of stored rows that it has in place of `rows`."""


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
    told = told_of(reader, projects, name=name)
    return [_listed(row, told.get((row["project"], row["name"]), {})) for row in rows]


def _listed(row: Row, told: Row) -> Row:
    """Return a dataset's row with what people say of it."""
    return row | {
        "at": row.pop("changed"),
        "description": told.get("description") or row["description"],
        "tags": told.get("tags") or [],
        "has_schema": told.get("schema") is not None,
    }


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
    shown = read_version(reader, projects, name, version=version)
    asked = place_of(shown) | {"limit": MAX_ROWS}
    rows = reader.rows("dataset_rows", asked, matching="1")
    return shown, [orjson.Fragment(row["body"]) for row in rows]


def read_version(
    reader: Reader,
    projects: tuple[str, ...] | None,
    name: str,
    *,
    version: str | None = None,
) -> Row:
    """Return a dataset's row with one of its versions, the newest unless named.

    Of several projects that have it, the one is meant that changed it last.

    Raises:
        Refusal: 404 if there is no such dataset or version.
    """
    datasets = list_datasets(reader, projects, name=name)
    versions = list_versions(reader, projects, name)  # after: they have each newest
    if version:
        having = (one for one in versions if one["version"] == version)
        project = next((one["project"] for one in having), None)
    else:
        project = datasets[0]["project"] if datasets else None
    own = [one for one in versions if one["project"] == project]
    if not own:
        if not datasets:
            raise not_found("dataset", name, hint="GET /datasets lists them")
        raise no_version(name, version or "")
    gone: Row = {"description": None, "tags": [], "has_schema": False}
    shown = next(
        (one for one in datasets if one["project"] == project),
        {"name": name, "project": project, **gone},
    )
    wanted = version or shown["version"]
    return {
        **shown,
        **next(one for one in own if one["version"] == wanted),
        "n_versions": len({one["version"] for one in own}),
        "schema": schema_of(reader, str(project), name),
    }


def place_of(shown: Row) -> dict[str, str]:
    """Return the parameters by which statements find the version of a dataset."""
    return {key: str(shown[key]) for key in ("project", "name", "version")}


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
    with WRITING:
        current = newest_version(reader, new.project, new.name)
        check_replaced(new.name, current, replaces)
        if new.same_as is not None:
            order = list(new.same_as)
        elif new.append and current:
            before = row_ids(reader, new.project, new.name, current)
            held = set(before)
            added = (row_id for row_id in dict.fromkeys(order) if row_id not in held)
            order = [*before, *added]
            _check_number(new, len(order))
        insert_rows(store, reader, new.project, bodies)
        insert_version(store, new, order)
    return list_datasets(reader, (new.project,), name=new.name)[0]


def newest_version(reader: Reader, project: str, name: str) -> str:
    """Return the newest version of a dataset; empty if there is none."""
    newest = next(iter(list_datasets(reader, (project,), name=name)), None)
    return str(newest["version"]) if newest else ""


def check_replaced(name: str, current: str, replaces: str | None) -> None:
    """Do nothing if a write knew the newest version.

    Raises:
        Refusal: 409, it names another.
    """
    if replaces is not None and replaces != current:
        raise conflict(
            f"dataset {name!r} is at version {current or None!r}",
            hint="read it again, then save what you want to change",
        )


def delete_dataset(store: Store, reader: Reader, project: str, name: str) -> None:
    """Take a dataset out of the lists; its versions can still be read.

    Raises:
        Refusal: 404 if there is none.
    """
    with WRITING:
        if not list_datasets(reader, (project,), name=name):
            raise not_found("dataset", name, hint="GET /datasets lists them")
        insert_version(store, NewVersion(project, name, ()), [], deleted=True)
    forget_told(store, reader, project, name)


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
    id = row.get("id")
    return {
        "id": content_hash(row["inputs"]) if id in (None, "") else str(id),
        "inputs": row["inputs"],
        "expected": row.get("expected"),
        "output": row.get("output"),
        "metadata": row.get("metadata") or {},
        "source": row.get("source"),
    }


def no_version(name: str, version: str) -> Refusal:
    """Return a 404 for a version that a dataset does not have."""
    hint = "GET /datasets/{name}/versions lists those that there are"
    return not_found(f"version of dataset {name!r}", version, hint=hint)


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


def row_ids(reader: Reader, project: str, name: str, version: str) -> list[str]:
    """Return the content hashes of a version's rows, in order.

    Raises:
        Refusal: 404 if there is no such version.
    """
    asked = {"project": project, "name": name, "version": version}
    found = reader.rows("dataset_row_ids", asked)
    if not found:
        if not version:
            raise not_found("dataset", name, hint="GET /datasets lists them")
        raise no_version(name, version)
    ids: list[str] = found[0]["row_ids"]
    return ids


def insert_rows(
    store: Store, reader: Reader, project: str, bodies: Mapping[str, Row]
) -> None:
    """Store rows, by their content hashes, that the project does not hold yet."""
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


def insert_version(
    store: Store, new: NewVersion, order: Sequence[str], *, deleted: bool = False
) -> None:
    """Store a version as the content hashes of its rows, in order.

    It is the newest, also where the clock was put back since the last one.
    """
    row: dict[str, Any] = {
        "project": new.project,
        "dataset": new.name,
        "version": "" if deleted else version_of(order),
        "at": datetime.now(UTC),
        "author": new.author,
        "note": new.note,
        "description": new.description,
        "deleted": deleted,
        "row_ids": [row_id.encode() for row_id in order],
    }
    known = {"project": new.project, "dataset": new.name}
    with engine_errors(), store.handle("write") as client:
        found = client.query(sql("newest_version"), parameters=known).result_rows
        after = _EPOCH + timedelta(microseconds=max(0, int(found[0][0])) + 1)
        row["at"] = max(row["at"], after)
        client.insert("dataset_versions", [list(row.values())], list(row))

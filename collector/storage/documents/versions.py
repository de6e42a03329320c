"""What people edit: every write is a version, the newest holds, a race has one winner.

A write may name the version that it replaces. Within one process writes take turns; of
two collectors on one server that write the same version, the earlier row wins and the
other is told.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from collector.api.refusals import conflict, not_found
from collector.storage.engine import Store, engine_errors
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Scope

Kind = Literal[
    "view",
    "job",
    "judge",
    "online-rule",
    "alert-rule",
    "retention",
    "dataset",
    "queue",
    "queue-item",
]
MAX_DOCUMENTS = 10_000
_WRITING = threading.Lock()
_COLUMNS = ["kind", "project", "id", "version", "at", "author", "deleted", "body"]


@dataclass(frozen=True)
class Place:
    """Which document is meant."""

    kind: Kind
    """What it is."""

    project: str
    """Where it belongs."""

    id: str
    """Its name among those of its kind."""

    @property
    def parameters(self) -> dict[str, str]:
        """Values of statements about it."""
        return {"kind": self.kind, "project": self.project, "id": self.id}


@dataclass(frozen=True)
class Change:
    """What a write makes of a document."""

    body: Mapping[str, Any] = field(default_factory=dict)
    """The new content."""

    author: str = ""
    """Who wrote."""

    deleted: bool = False
    """Whether the document is gone from now on."""


def list_documents(
    reader: Reader,
    kind: Kind,
    projects: tuple[str, ...] | None,
    *,
    document_id: str | None = None,
    id_prefix: str | None = None,
    state: str | None = None,
    job_kinds: Sequence[str] | None = None,
    oldest_first: bool = False,
    limit: int = MAX_DOCUMENTS,
) -> list[Row]:
    """Return the documents of a kind, the latest changed first; deleted ones not.

    Args:
        reader: runs the statement.
        kind: what they are.
        projects: only of these; of all if None.
        document_id: only the one of this id.
        id_prefix: only those whose id begins so.
        state: only those whose body has this ``state``.
        job_kinds: only those whose body has one of these as ``kind``.
        oldest_first: whether those come first that changed longest ago.
        limit: how many at most.
    """
    scope = Scope(projects=projects)
    parameters = scope.parameters | {"kind": kind, "limit": limit}
    one = in_state = of_kinds = "1"
    if document_id is not None:
        parameters["id"] = document_id
        one = "documents.id = {id:String}"
    if id_prefix is not None:
        parameters["id"] = id_prefix
        one = "startsWith(documents.id, {id:String})"
    if state is not None:
        parameters["state"] = state
        in_state = "JSONExtractString(documents.body, 'state') = {state:String}"
    if job_kinds is not None:
        parameters["job_kinds"] = list(job_kinds)
        of_kinds = (
            "has({job_kinds:Array(String)}, JSONExtractString(documents.body, 'kind'))"
        )
    rows = reader.rows(
        "documents",
        parameters,
        projects=scope.projects_sql("documents"),
        one=one,
        state=in_state,
        kinds=of_kinds,
        order="documents.at" if oldest_first else "documents.at DESC, documents.id",
    )
    return [_shown(row) for row in rows]


def read_document(
    reader: Reader, kind: Kind, projects: tuple[str, ...] | None, document_id: str
) -> Row:
    """Return one document.

    Raises:
        Refusal: 404 if there is none.
    """
    found = list_documents(reader, kind, projects, document_id=document_id, limit=1)
    if not found:
        raise not_found(kind, document_id, hint=f"GET /{kind}s lists them")
    return found[0]


def write_document(
    store: Store,
    reader: Reader,
    place: Place,
    change: Callable[[Row | None], Change],
    *,
    replaces: int | None = None,
) -> Row:
    """Store a new version and return the document.

    Args:
        store: receives the version.
        reader: tells what is there.
        place: which document.
        change: makes the new version of the newest, None if there is none.
        replaces: the version that this one follows; None follows whichever is newest.

    Raises:
        Refusal: 409 if another version is the newest.
    """
    with _WRITING:
        newest = _newest(reader, place)
        version = int(newest["version"]) if newest else 0
        lives = newest is not None and not newest["deleted"]
        if replaces is not None and replaces != (version if lives else 0):
            raise _lost(place, version if lives else 0)
        made = change(_shown(newest | place.parameters) if newest and lives else None)
        body = orjson.dumps(dict(made.body)).decode()
        moment = datetime.now(UTC)
        row = [*place.parameters.values(), version + 1, moment, made.author]
        with engine_errors(), store.handle("write") as client:
            columns = ["kind", "project", "id", *_COLUMNS[3:]]
            client.insert("documents", [[*row, made.deleted, body]], columns)
        winner = _newest(reader, place)
        if winner is None or winner["version"] != version + 1 or winner["body"] != body:
            raise _lost(place, version + 1)
        return _shown(winner | place.parameters)


def write_documents(
    store: Store,
    reader: Reader,
    kind: Kind,
    project: str,
    bodies: Mapping[str, Mapping[str, Any]],
    *,
    author: str,
) -> None:
    """Store many new documents at once.

    Args:
        store: receives them.
        reader: tells which were there once.
        kind: what they are.
        project: where they belong.
        bodies: id → content; of no document that there is.
        author: who wrote.
    """
    asked = {"kind": kind, "project": project, "ids": list(bodies)}
    gone = reader.rows("gone_documents", asked | {"limit": len(bodies)})
    before = {row["id"]: int(row["last_version"]) for row in gone}
    rows = [
        [kind, project, id, before.get(id, 0) + 1, author, False, body]
        for id, body in bodies.items()
    ]
    _insert_many(store, rows)


def delete_documents(store: Store, kind: Kind, found: Sequence[Row]) -> None:
    """Take documents of a kind away at once, as they were listed."""
    rows = [
        [kind, one["project"], one["id"], one["version"] + 1, "", True, {}]
        for one in found
    ]
    _insert_many(store, rows)


def _insert_many(store: Store, rows: Sequence[Sequence[Any]]) -> None:
    """Store rows of `_COLUMNS` without the moment, their bodies as values."""
    moment = datetime.now(UTC)
    written = [
        [*place, moment, author, deleted, orjson.dumps(dict(body)).decode()]
        for *place, author, deleted, body in rows
    ]
    if written:
        with _WRITING, engine_errors(), store.handle("write") as client:
            client.insert("documents", written, _COLUMNS)


def _lost(place: Place, version: int) -> Exception:
    return conflict(
        f"{place.kind} {place.id!r} is at version {version}",
        hint="read it again, then write what you want to change",
    )


def _newest(reader: Reader, place: Place) -> Row | None:
    rows = reader.rows("document_versions", place.parameters)
    return rows[0] if rows else None


def _shown(row: Row) -> Row:
    """Return a document as the API shows it: its content, and which one it is."""
    known = {key: row.get(key) for key in ("id", "project", "version", "at", "author")}
    body: Row = orjson.loads(row["body"])
    return body | known

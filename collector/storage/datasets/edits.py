"""Edits of a dataset that name only what changes: rows, its name, an older version."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from collector.api.refusals import Refusal, conflict, not_found
from collector.storage.datasets.versions import (
    WRITING,
    NewVersion,
    check_replaced,
    checked_row,
    insert_rows,
    insert_version,
    list_datasets,
    list_versions,
    newest_version,
    row_hash,
    row_ids,
    save_dataset,
)
from collector.storage.datasets.words import WORDS, forget_told, tell, told_of
from collector.storage.engine import Store, engine_errors
from collector.storage.reads.reader import Reader, Row
from collector.storage.statements import sql


@dataclass(frozen=True)
class Edits:
    """What becomes of single rows of a version."""

    base: str
    """The version whose rows are counted."""

    changed: Mapping[int, Row | None] = field(default_factory=dict)
    """Place in it, from 0 → the row that stands there from now on; None for none."""

    added: Sequence[Row] = ()
    """Rows that come after all others."""


def edit_dataset(
    store: Store,
    reader: Reader,
    new: NewVersion,
    edits: Edits,
    *,
    replaces: str | None = None,
) -> Row:
    """Store a version with single rows changed and return the dataset's row.

    Args:
        store: receives rows and version.
        reader: tells what is there.
        new: whose version it is; its rows do not count.
        edits: what changes.
        replaces: the newest version, if that is another than ``edits.base``: there
            each edit is made where the row stands that it was meant for, and an edited
            row that is gone is put at the end.

    Raises:
        Refusal: 404 without the base, 409 if another version is the newest, 422 for
            places that it does not have and rows that are none.
    """
    rows = {
        place: None if row is None else checked_row(row, number=place)
        for place, row in edits.changed.items()
    }
    added = [checked_row(row, number=number) for number, row in enumerate(edits.added)]
    hashes = {place: row_hash(row) if row else None for place, row in rows.items()}
    ends = [row_hash(row) for row in added]
    bodies = {hashes[place]: row for place, row in rows.items() if row}
    bodies |= dict(zip(ends, added, strict=True))
    with WRITING:
        current = newest_version(reader, new.project, new.name)
        if not current and not list_versions(reader, (new.project,), new.name):
            raise not_found("dataset", new.name, hint="GET /datasets lists them")
        wanted = edits.base if replaces is None else replaces
        check_replaced(new.name, current, wanted)
        base = row_ids(reader, new.project, new.name, edits.base)
        if beyond := [place for place in hashes if not 0 <= place < len(base)]:
            raise _no_place(beyond[0], len(base))
        newest = base
        if current != edits.base:
            newest = row_ids(reader, new.project, new.name, current)
        order = [*_edited(base, newest, hashes), *ends]
        if not current or order != newest:  # not by its name: rows may be deleted
            stored = {str(key): row for key, row in bodies.items()}
            insert_rows(store, reader, new.project, stored)
            insert_version(store, new, order)
    return list_datasets(reader, (new.project,), name=new.name)[0]


def _edited(
    base: Sequence[str], newest: Sequence[str], hashes: Mapping[int, str | None]
) -> list[str]:
    """Return the rows of `newest` with the edits made that are counted in `base`."""
    where: dict[str, list[int]] = defaultdict(list)
    for place, row_id in enumerate(newest):
        where[row_id].append(place)
    seen: dict[str, int] = defaultdict(int)
    made: dict[int, str | None] = {}
    ends: list[str] = []
    for place, row_id in enumerate(base):
        nth = seen[row_id]
        seen[row_id] += 1
        if place not in hashes:
            continue
        if nth < len(where[row_id]):
            made[where[row_id][nth]] = hashes[place]
        elif (kept := hashes[place]) is not None:
            ends.append(kept)
    rows = (made.get(place, row_id) for place, row_id in enumerate(newest))
    return [*(row for row in rows if row is not None), *ends]


def _no_place(place: int, n_rows: int) -> Refusal:
    return Refusal(
        422,
        "bad_row",
        f"place {place} is none of the version's {n_rows} rows",
        hint="count the rows of the version named as base, from 0",
    )


def copy_version(
    store: Store,
    reader: Reader,
    new: NewVersion,
    *,
    of: str,
    version: str | None = None,
    replaces: str | None = None,
) -> Row:
    """Save rows that a dataset of the project has, as it stands or stood once.

    Of the same dataset that restores an older version.

    Args:
        store: receives the version.
        reader: tells what is there.
        new: what is to be saved, without rows.
        of: the dataset that has them.
        version: the version that has them; the newest if None.
        replaces: as in `save_dataset`.

    Raises:
        Refusal: 404 if there is no such version, 409 as in `save_dataset`.
    """
    wanted = version or newest_version(reader, new.project, of)
    if not wanted:
        raise not_found("dataset", of, hint="GET /datasets lists them")
    order = row_ids(reader, new.project, of, wanted)
    told = told_of(reader, (new.project,), name=of).get((new.project, of), {})
    save_dataset(store, reader, replace(new, same_as=order), replaces=replaces)
    words = {key: told[key] for key in WORDS if key in told and of != new.name}
    if new.description:
        words["description"] = new.description
    if words:
        tell(store, reader, new.project, new.name, words=words, author=new.author)
    return list_datasets(reader, (new.project,), name=new.name)[0]


@engine_errors()
def rename_dataset(store: Store, reader: Reader, new: NewVersion, *, to: str) -> Row:
    """Give a dataset another name, its versions included; return its row.

    Args:
        store: holds it.
        reader: tells what is there.
        new: which dataset, and who renames it.
        to: its name from now on.

    Raises:
        Refusal: 404 if there is none, 409 if the other name is taken.
    """
    with WRITING:
        current = newest_version(reader, new.project, new.name)
        if not current:
            raise not_found("dataset", new.name, hint="GET /datasets lists them")
        if newest_version(reader, new.project, to):
            hint = "choose another name, or delete the other dataset first"
            raise conflict(f"there is a dataset {to!r}", hint=hint)
        asked = {"project": new.project, "name": new.name, "to": to}
        order = row_ids(reader, new.project, new.name, current)
        with store.handle("write") as client:
            client.command(sql("rename_dataset"), parameters=asked)
        # a version of its own: it is newer than a deletion of the other name
        insert_version(store, replace(new, name=to), order)
        insert_version(store, replace(new, rows=()), [], deleted=True)
    told = told_of(reader, (new.project,), name=new.name)
    if found := told.get((new.project, new.name)):
        words = {key: found[key] for key in WORDS if key in found}
        tell(store, reader, new.project, to, words=words, author=new.author)
        forget_told(store, reader, new.project, new.name)
    return list_datasets(reader, (new.project,), name=to)[0]

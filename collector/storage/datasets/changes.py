"""What one version of a dataset has that another has not, row by row."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from collector.storage.datasets.versions import (
    MAX_ROWS,
    read_version,
    row_ids,
)
from collector.storage.reads.reader import Reader, Row

Kind = Literal["added", "removed", "changed"]
PARTS = ("inputs", "expected", "output", "metadata")
"""What a row says; where it is from is no change of it."""


@dataclass(frozen=True)
class Place:
    """A row of a version that the other version does not have."""

    number: int
    """Where it stands, from 0."""

    row_id: str
    """Its content hash."""

    after: tuple[str | None, int]
    """The last row before it that both versions have, and its number behind that."""


@dataclass(frozen=True)
class Changed:
    """One row that differs: as it was and as it is, by content hashes."""

    before: str | None
    """None for a row that is new."""

    after: str | None
    """None for a row that is gone."""

    @property
    def kind(self) -> Kind:
        """What became of it."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


@dataclass(frozen=True)
class Changes:
    """How a version differs from an earlier one."""

    rows: list[Row]
    """One page: ``change id before after parts``, in the order of the later version,
    removed rows at the end."""

    counts: Mapping[str, int]
    """``n_added n_removed n_changed n_unchanged`` of all."""

    is_last: bool
    """Whether no page follows."""


def read_changes(
    reader: Reader,
    projects: tuple[str, ...] | None,
    name: str,
    *,
    before: str,
    version: str,
    limit: int,
    offset: int,
) -> Changes:
    """Return what differs between two versions; their order does not count.

    Rows are matched by their ids, then by where they stand: an edited row whose id
    follows from its inputs is changed, not removed and added.

    Raises:
        Refusal: 404 if there is no such dataset or version.
    """
    shown = read_version(reader, projects, name, version=version)
    project = str(shown["project"])
    old = row_ids(reader, project, name, before)
    new = row_ids(reader, project, name, version)
    lost, won = _only_in(old, new), _only_in(new, old)
    facts = _facts(reader, project, name, before=before, after=version)
    pairs = list(_pairs(lost, won, facts))
    differing = [pair for pair in pairs if not _says_the_same(pair, facts)]
    page = differing[offset : offset + limit]
    named = [one for pair in page for one in (pair.before, pair.after) if one]
    bodies = _bodies(reader, project, named)
    kinds = Counter(pair.kind for pair in differing)
    counts = {f"n_{kind}": kinds[kind] for kind in ("added", "removed", "changed")}
    counts["n_unchanged"] = len(new) - kinds["added"] - kinds["changed"]
    rows = [_shown(pair, bodies) for pair in page]
    return Changes(rows, counts, offset + limit >= len(differing))


def _only_in(rows: Sequence[str], others: Sequence[str]) -> list[Place]:
    """Return the rows that `others` lack, each as often as they lack it."""
    left = Counter(others)
    found: list[Place] = []
    anchor: str | None = None
    n_behind = 0
    for number, row_id in enumerate(rows):
        if left[row_id] > 0:
            left[row_id] -= 1
            anchor, n_behind = row_id, 0
        else:
            found.append(Place(number, row_id, (anchor, n_behind)))
            n_behind += 1
    return found


def _pairs(
    lost: Sequence[Place], won: Sequence[Place], facts: Mapping[str, Row]
) -> Iterator[Changed]:
    """Yield what is changed or added in the order of `won`, then what is removed."""

    def id_of(place: Place) -> object:
        """Return the example's id; of one that both have, the row's own hash."""
        return facts.get(place.row_id, {}).get("id", place.row_id)

    matched = _matched(lost, won, id_of)
    taken = set(matched.values())
    still_lost = [place for place in lost if place not in taken]
    still_won = [place for place in won if place not in matched]
    matched |= _matched(still_lost, still_won, lambda place: place.after)
    for place in won:
        before = matched.get(place)
        yield Changed(before.row_id if before else None, place.row_id)
    taken = set(matched.values())
    for place in lost:
        if place not in taken:
            yield Changed(place.row_id, None)


def _matched(
    lost: Iterable[Place], won: Iterable[Place], key: Any
) -> dict[Place, Place]:
    """Return row of the later version → row of the earlier that has the same key."""
    waiting: dict[object, list[Place]] = defaultdict(list)
    for place in lost:
        waiting[key(place)].append(place)
    matched: dict[Place, Place] = {}
    for place in won:
        if found := waiting.get(key(place)):
            matched[place] = found.pop(0)
    return matched


def _says_the_same(pair: Changed, facts: Mapping[str, Row]) -> bool:
    if pair.before is None or pair.after is None:
        return False
    old, new = facts.get(pair.before), facts.get(pair.after)
    return bool(old and new and old["said"] == new["said"])


def _shown(pair: Changed, bodies: Mapping[str, Row]) -> Row:
    before = bodies.get(pair.before) if pair.before else None
    after = bodies.get(pair.after) if pair.after else None
    parts = [
        part for part in PARTS if (before or {}).get(part) != (after or {}).get(part)
    ]
    return {
        "change": pair.kind,
        "id": (after or before or {}).get("id"),
        "before": before,
        "after": after,
        "parts": parts,
    }


def _facts(
    reader: Reader, project: str, name: str, *, before: str, after: str
) -> dict[str, Row]:
    """Return content hash → id, and a hash of what it says, of rows that differ."""
    asked = {"project": project, "name": name, "before": before, "after": after}
    rows = reader.rows("dataset_row_facts", asked | {"limit": 2 * MAX_ROWS})
    return {row["row_id"]: row for row in rows}


def _bodies(reader: Reader, project: str, ids: Sequence[str]) -> dict[str, Row]:
    """Return content hash → row; a page has few enough for one statement."""
    asked = {"project": project, "row_ids": list(ids), "limit": len(ids)}
    rows = reader.rows("dataset_row_bodies", asked) if ids else []
    return {row["row_id"]: orjson.loads(row["body"]) for row in rows}

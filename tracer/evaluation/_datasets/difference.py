"""What changed between two datasets, row by row."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from tracer.evaluation._identity import content_hash
from tracer.evaluation._rows import Example

PARTS: Final = ("inputs", "expected", "output", "metadata")
"""What a row says; where it is from is no change of it."""


@dataclass(frozen=True)
class ChangedRow:
    """One example that is in both datasets and says something else in each."""

    id: str
    """Its id."""

    before: Example
    """As the first dataset has it."""

    after: Example
    """As the other has it."""

    parts: tuple[str, ...]
    """What differs: of ``inputs expected output metadata``."""


@dataclass(frozen=True)
class DatasetDifference:
    """How a dataset differs from an earlier one, by ids; order does not count."""

    added: tuple[Example, ...]
    """Rows that only the later one has."""

    removed: tuple[Example, ...]
    """Rows that only the earlier one has."""

    changed: tuple[ChangedRow, ...]
    """Rows that both have, not alike."""

    n_unchanged: int
    """Rows that both have, alike."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def __str__(self) -> str:
        return (
            f"{len(self.added)} added, {len(self.removed)} removed, "
            f"{len(self.changed)} changed, {self.n_unchanged} unchanged"
        )


def difference(
    before: Iterable[Example], after: Iterable[Example]
) -> DatasetDifference:
    """Return what `after` has that `before` has not, and the other way round.

    Several rows of one id are taken in their order, the first with the first.
    """
    old, new = _by_id(before), _by_id(after)
    added: list[Example] = []
    removed: list[Example] = []
    changed: list[ChangedRow] = []
    n_unchanged = 0
    for id in dict.fromkeys([*old, *new]):
        for one, other in zip_longest(old.get(id, ()), new.get(id, ())):
            if one is None:
                added.append(other)
            elif other is None:
                removed.append(one)
            elif parts := _differing(one, other):
                changed.append(ChangedRow(id, one, other, parts))
            else:
                n_unchanged += 1
    return DatasetDifference(tuple(added), tuple(removed), tuple(changed), n_unchanged)


def _by_id(examples: Iterable[Example]) -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        found[example.id].append(example)
    return found


def _differing(one: Example, other: Example) -> tuple[str, ...]:
    return tuple(
        part
        for part in PARTS
        if content_hash(getattr(one, part)) != content_hash(getattr(other, part))
    )

"""Examples of runs, gathered into datasets, and their trials counted."""

from collections import defaultdict
from collections.abc import Iterable

from tracer.evaluation._rows import Example
from tracer.evaluation.dataset import Dataset
from tracer.importers._found import Found, Unread


class Trials:
    """Numbers the trials of each example of a run, no two alike.

    One that cannot be read keeps its number, which then stands nowhere: the others
    have theirs still when it can be read one day, and the run is imported again.
    """

    def __init__(self) -> None:
        self._taken: dict[str, set[int]] = defaultdict(set)
        self._next: dict[str, int] = defaultdict(int)
        self._known: set[str] = set()

    def next(self, example_id: str) -> int:
        """Return the number of the next trial, from 0."""
        return self.at(example_id, self._next[example_id])

    def at(self, example_id: str, wanted: int) -> int:
        """Return the number that a trial has; of one that is taken, the next free."""
        number = max(0, wanted)
        while number in self._taken[example_id]:
            number += 1
        self._taken[example_id].add(number)
        self._next[example_id] = number + 1
        return number

    def is_known(self, foreign_id: object) -> bool:
        """Return whether a trial of this id was there before; without one, it is new.

        Files that were put together may hold it twice.
        """
        if not foreign_id:
            return False
        was_known = str(foreign_id) in self._known
        self._known.add(str(foreign_id))
        return was_known


def add_dataset(found: Found, name: str, examples: Iterable[Example]) -> Dataset:
    """Add examples to the dataset of that name, each once, and return it.

    Runs of one dataset share their examples; where two differ under one id, the first
    stays and the other is reported.
    """
    before = next((one for one in found.datasets if one.name == name), None)
    kept = {example.id: example for example in before or ()}
    for example in examples:
        first = kept.setdefault(example.id, example)
        if first.inputs != example.inputs:
            why = f"other inputs than before under this id; {name!r} keeps the first"
            found.unread.append(Unread(f"example {example.id}", why))
    dataset = Dataset.of(kept.values(), name=name)
    if before is None:
        found.datasets.append(dataset)
    else:
        found.datasets[found.datasets.index(before)] = dataset
    return dataset

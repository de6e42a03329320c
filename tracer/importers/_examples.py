"""Examples of runs, gathered into datasets, and their trials counted."""

from collections import defaultdict
from collections.abc import Iterable

from tracer.evaluation._rows import Example
from tracer.evaluation.dataset import Dataset
from tracer.importers._found import Found, Unread


class Trials:
    """Counts how often each example was tried."""

    def __init__(self) -> None:
        self._next: dict[str, int] = defaultdict(int)

    def next(self, example_id: str) -> int:
        """Return the number of the next trial, from 0."""
        number = self._next[example_id]
        self._next[example_id] += 1
        return number


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

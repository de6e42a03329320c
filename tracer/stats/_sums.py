"""Running sums of one score, one slot an example: all that the statistics need."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tracer.stats._distribution import Distribution
from tracer.stats._scale import SHARE, Scale, fits, scale_of, widest
from tracer.stats._variance import Nesting


@dataclass(slots=True)
class ScoreSums:
    """Sums of one score by example: 24 bytes an example, whatever the trials.

    The distribution over all examples beside them does not grow with either.
    """

    name: str
    """Name of the score, verbatim."""

    type: str = "label"
    """``bool``, ``number`` or ``label``; widened as values arrive."""

    slots: dict[str, int] = field(default_factory=dict, repr=False)
    """Example id to slot; one run's scores share it, so it may know more examples."""

    counts: "array[float]" = field(default_factory=lambda: array("d"), repr=False)
    """Number of values in each slot."""

    sums: "array[float]" = field(default_factory=lambda: array("d"), repr=False)
    """Sum of the values in each slot."""

    squares: "array[float]" = field(default_factory=lambda: array("d"), repr=False)
    """Sum of the squared values in each slot."""

    labels: Counter[str] = field(default_factory=Counter)
    """How often each label was given."""

    distribution: Distribution = field(default_factory=Distribution, repr=False)
    """How often each value came, over all examples."""

    nesting: Nesting = field(default_factory=Nesting, repr=False)
    """Sums by trial, where it is known which value belongs to which."""

    n_missing: int = 0
    """Scores that were expected and are not there, or were logged as None."""

    n_errors: int = 0
    """Scores that failed, also because their prediction failed, or are not finite."""

    declared: Scale | None = None
    """The least and the most that a value can be, as its scorers say; the widest of
    several. None if none does."""

    beside: str = ""
    """Name of the score that this one stands beside: the same, said by people or by a
    later scorer. Empty of a score of its own. What stands beside is not compared unless
    it is asked for."""

    raters: tuple[str, ...] = ()
    """Who gave it: authors of scorers, or ``people``; empty where nobody says."""

    @property
    def scale(self) -> Scale | None:
        """The scale that the values are on: as declared, or of yes/no, or as known.

        None for labels, where nobody says (`scale_of`), and where a value leaves it.
        """
        if self.type == "label":
            return None
        told = self.declared or (
            SHARE if self.type == "bool" else scale_of(self.beside or self.name)
        )
        if told is None or not all(fits(told, *sums) for sums in self.examples()):
            return None
        return told

    def widen(self, type: str) -> None:
        """Take in another type: label gives way to bool, bool to number."""
        if type == self.type or type == "label" or self.type == "number":
            return
        if self.type == "label":
            self.counts, self.sums, self.squares = array("d"), array("d"), array("d")
            self.distribution = Distribution()
        self.type = type

    def add(
        self, example_id: str, *, n: float = 1, sum: float, sum_squares: float
    ) -> None:
        """Add values to one example; negative ones take them back."""
        slot = self.slots.setdefault(example_id, len(self.slots))
        new = [0.0] * (slot + 1 - len(self.counts))
        self.counts.extend(new)
        self.sums.extend(new)
        self.squares.extend(new)
        self.counts[slot] += n
        self.sums[slot] += sum
        self.squares[slot] += sum_squares

    def take(
        self,
        example_id: str,
        *,
        type: str,
        value: float | None = None,
        label: str | None = None,
        scale: Scale | None = None,
    ) -> None:
        """Add one score; a stray label among numbers is counted as label alone."""
        self.widen(type)
        self.declared = widest(self.declared, scale)
        if label is not None:
            self.labels[label] += 1
        if type != "label" or self.type == "label":
            number = float(value or 0.0)
            self.add(example_id, sum=number, sum_squares=number * number)
            self.distribution.add(number)

    def take_values(self, values: Sequence[float], trials: Sequence[int]) -> None:
        """Note the values that one example's sums were made of, and their trials."""
        by_trial: defaultdict[int, list[float]] = defaultdict(list)
        for value, trial in zip(values, trials, strict=True):
            self.distribution.add(value)
            by_trial[trial].append(value)
        self.nesting.add(by_trial.values())

    def take_back(
        self,
        example_id: str,
        *,
        type: str,
        value: float | None = None,
        label: str | None = None,
        scale: Scale | None = None,
    ) -> None:
        """Undo `take`: the score was replaced, or is to be made once more.

        What it declared stays declared.
        """
        if label is not None:
            self.labels[label] -= 1
            self.labels = +self.labels  # leaves out what is no longer given
        if type != "label" or self.type == "label":
            number = float(value or 0.0)
            self.add(example_id, n=-1, sum=-number, sum_squares=-number * number)
            self.distribution.remove(number)
            self.nesting = Nesting()  # nobody knows any more which trial has what

    def snapshot(self) -> "ScoreSums":
        """Return a copy that later values do not reach."""
        return ScoreSums(
            name=self.name,
            type=self.type,
            slots=self.slots,
            counts=self.counts[:],
            sums=self.sums[:],
            squares=self.squares[:],
            labels=Counter(self.labels),
            distribution=self.distribution.copy(),
            nesting=replace(self.nesting),
            n_missing=self.n_missing,
            n_errors=self.n_errors,
            declared=self.declared,
            beside=self.beside,
            raters=self.raters,
        )

    def examples(self) -> Iterator[tuple[float, float, float]]:
        """Yield count, sum and sum of squares of every example that has values."""
        rows = zip(self.counts, self.sums, self.squares, strict=True)
        return (row for row in rows if row[0] > 0)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the sums as rows of ``sums`` (docs/api.md); counts on the first."""
        named: dict[str, Any] = {
            "score": self.name,
            "beside": self.beside,
            "raters": list(self.raters),
            "type": self.type,
        }
        totals = {
            "n_missing": self.n_missing,
            "n_errors": self.n_errors,
            "labels": dict(self.labels),
        }
        low, high = self.declared or (None, None)
        for example_id, slot in list(self.slots.items()):
            if slot < len(self.counts) and self.counts[slot] > 0:
                yield {
                    **named,
                    "example_id": example_id,
                    "n": self.counts[slot],
                    "sum": self.sums[slot],
                    "sum_squares": self.squares[slot],
                    "scale_low": low,
                    "scale_high": high,
                    **totals,
                }
                totals = {"n_missing": 0, "n_errors": 0, "labels": {}}
        if any(totals.values()):  # no example has a value to stand beside
            yield {**named, "example_id": "", "n": 0.0, **totals}

    def by_example(self) -> dict[str, tuple[float, float]]:
        """Return example id to count and sum, for examples that have values."""
        known = len(self.counts)
        return {
            example_id: (self.counts[slot], self.sums[slot])
            for example_id, slot in list(self.slots.items())
            if slot < known and self.counts[slot] > 0
        }


def shared_scale(before: ScoreSums, after: ScoreSums) -> Scale | None:
    """Return the scale of one score in two runs; None if the values of one leave it.

    What one run declares holds for both.
    """
    declared = widest(before.declared, after.declared)
    scales = [replace(one, declared=declared).scale for one in (before, after)]
    return None if None in scales else widest(*scales)


def collect(
    rows: Iterable[Mapping[str, Any]], slots: dict[str, int] | None = None
) -> dict[str, ScoreSums]:
    """Gather rows of ``sums`` (docs/api.md) by score, in order of first sight.

    The scores share `slots`, from example id to place; new ids are added to it.
    """
    gathered: dict[str, ScoreSums] = {}
    slots = {} if slots is None else slots
    for row in rows:
        name, n = row["score"], row["n"] or 0
        if name not in gathered:
            gathered[name] = ScoreSums(
                name,
                slots=slots,
                beside=row.get("beside") or "",
                raters=tuple(row.get("raters") or ()),
            )
        sums = gathered[name]
        sums.labels.update(row.get("labels") or {})
        sums.n_missing += int(row.get("n_missing") or 0)
        sums.n_errors += int(row.get("n_errors") or 0)
        if not n:
            continue
        sums.widen(row["type"])
        if row["type"] != "label" or sums.type == "label":
            low, high = row.get("scale_low"), row.get("scale_high")
            if low is not None and high is not None:
                sums.declared = widest(sums.declared, (low, high))
            total, squares = row["sum"] or 0.0, row["sum_squares"] or 0.0
            sums.add(row["example_id"], n=n, sum=total, sum_squares=squares)
            sums.take_values(row.get("values") or (), row.get("trials") or ())
    for sums in gathered.values():  # people rarely say the scale that they grade on
        if sums.declared is None and sums.beside in gathered:
            sums.declared = gathered[sums.beside].declared
    return gathered

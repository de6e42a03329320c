"""The examples of one run: which to look at, and in which order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, Final

Row = Mapping[str, Any]

SHOW: Final = ("all", "failing", "flaky", "errors")
ORDERS: Final = ("run", "worst", "best", "spread", "slowest")


@dataclass(frozen=True, slots=True)
class Example:
    """What one run says of one example, its trials together."""

    id: str
    """Id of the example."""
    values: tuple[float, ...] = ()
    """Values of the score that is looked at."""
    n_failed: int = 0
    """Predictions that ended with an error."""
    n_errors: int = 0
    """Values of the score that are not there because something failed."""
    latency_ms: float | None = None
    """Mean over the trials."""

    @property
    def mean(self) -> float | None:
        """Mean over the trials; None without a value."""
        return fsum(self.values) / len(self.values) if self.values else None

    @property
    def spread(self) -> float:
        """Mean square around the mean; 0 where all trials agree."""
        mean = self.mean
        if mean is None:
            return 0.0
        return fsum((value - mean) ** 2 for value in self.values) / len(self.values)


def examples(
    measured: Iterable[Row], sums: Iterable[Row], score: str | None
) -> list[Example]:
    """Return the examples of a run in the order in which they were first seen.

    Args:
        measured: Rows of ``measures`` (docs/api.md).
        sums: Rows of ``sums``.
        score: The score that is looked at; None for a run without.
    """
    took = {row["example_id"]: row for row in measured}
    given = {row["example_id"]: row for row in sums if row["score"] == score}
    return [
        _example(id, took.get(id, {}), given.get(id, {}))
        for id in dict.fromkeys([*took, *given])
    ]


def _example(example_id: str, took: Row, given: Row) -> Example:
    known = [ms for ms in took.get("latency_ms") or () if ms is not None]
    n_failed = sum(took.get("failed") or ())
    return Example(
        id=example_id,
        values=tuple(given.get("values") or ()),
        n_failed=n_failed,
        n_errors=max(n_failed, int(given.get("n_errors") or 0)),
        latency_ms=fsum(known) / len(known) if known else None,
    )


def counts(found: Iterable[Example], *, is_yes_no: bool) -> dict[str, int]:
    """Return how many examples each choice of `SHOW` has."""
    every = list(found)
    return {show: len(narrowed(every, show, is_yes_no=is_yes_no)) for show in SHOW}


def narrowed(found: Sequence[Example], show: str, *, is_yes_no: bool) -> list[Example]:
    """Return the examples of one choice of `SHOW`.

    Only yes/no scores fail or pass; of numbers none is failing, and flaky are those
    that differ between trials.
    """
    if show == "failing":
        return [
            one for one in found if is_yes_no and one.values and min(one.values) < 1
        ]
    if show == "flaky":
        return [one for one in found if one.spread > 0]
    if show == "errors":
        return [one for one in found if one.n_errors]
    return list(found)


def ordered(
    found: Iterable[Example], order: str, *, higher_is_better: bool = True
) -> list[Example]:
    """Return the examples in one of `ORDERS`; those without what it asks for last."""
    every = list(found)
    if order == "run":
        return every
    sign = 1 if higher_is_better == (order == "worst") else -1

    def place(one: Example) -> tuple[int, float]:
        if order == "spread":
            return int(not one.values), -one.spread
        if order == "slowest":
            return int(one.latency_ms is None), -(one.latency_ms or 0.0)
        if one.mean is not None:
            return 1, sign * one.mean
        if one.n_errors:  # what failed is worse than any value
            return (0 if order == "worst" else 2), 0.0
        return 3, 0.0

    return sorted(every, key=place)

"""What a run took: latency, tokens, cost, failures, with examples as clusters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tracer._aligned import Readable
from tracer.stats._intervals import ClusterSums, Interval, mean_interval
from tracer.stats._known_names import MEASURES
from tracer.stats._quantiles import ByExample, quantile_of
from tracer.stats._scale import FROM_ZERO
from tracer.stats._wording import measure_text


@dataclass(frozen=True)
class MeasureSummary(Readable):
    """One measure over the predictions of a run."""

    name: str
    """One of `MEASURES`; its unit ends the name."""

    type: str
    """``number``, or ``bool`` for ``failed``."""

    n: int
    """Predictions of which it is known: what the figures are over."""

    n_missing: int
    """Predictions of which it is not known: no usage was reported, or no price is."""

    values: ByExample = field(repr=False)
    """Example id to the values of its trials, where known."""

    @classmethod
    def of(
        cls, name: str, values: ByExample, *, n_missing: int = 0
    ) -> "MeasureSummary":
        """Summarize values by example."""
        n = sum(map(len, values.values()))
        return cls(name, MEASURES.get(name, "number"), n, n_missing, values)

    def __str__(self) -> str:
        return measure_text(self)

    @cached_property
    def _clusters(self) -> ClusterSums:
        return ClusterSums.of(
            (len(trials), sum(trials), sum(value * value for value in trials))
            for trials in self.values.values()
            if trials
        )

    @property
    def n_examples(self) -> int:
        """Examples of which it is known."""
        return self._clusters.n_clusters

    @property
    def total(self) -> float:
        """Sum over all predictions."""
        return self._clusters.sum

    @property
    def mean(self) -> float | None:
        """Mean over all predictions; None without any."""
        return self._clusters.mean

    @property
    def sd(self) -> float | None:
        """Standard deviation over all predictions; None below two."""
        return self._clusters.sd

    @cached_property
    def ci95(self) -> Interval | None:
        """95 % interval of the mean; see `mean_interval`."""
        return mean_interval(self._clusters, type=self.type, scale=FROM_ZERO)

    def quantile(self, probability: float) -> float | None:
        """Return a quantile over all predictions; None without any."""
        found = quantile_of(self.values, probability)
        return None if found is None else found.value

    def quantile_ci95(self, probability: float) -> Interval | None:
        """Return a quantile's 95 % interval; an end is infinite where none is known."""
        found = quantile_of(self.values, probability)
        return None if found is None else found.interval()

    @cached_property
    def p50(self) -> float | None:
        """Median."""
        return self.quantile(0.5)

    @cached_property
    def p50_ci95(self) -> Interval | None:
        """95 % interval of the median."""
        return self.quantile_ci95(0.5)

    @cached_property
    def p95(self) -> float | None:
        """95th percentile."""
        return self.quantile(0.95)

    @cached_property
    def p95_ci95(self) -> Interval | None:
        """95 % interval of the 95th percentile; its upper end needs 72 examples."""
        return self.quantile_ci95(0.95)


class Measures(Readable, dict[str, MeasureSummary]):
    """What is known of what a run took, by name; printed, a line a measure."""

    def __missing__(self, name: str) -> MeasureSummary:
        """Say what is known instead."""
        known = ", ".join(map(repr, self)) or "nothing"
        raise KeyError(f"{name!r} is not known of this run; known are: {known}")

    def __str__(self) -> str:
        return "\n".join(map(str, self.values())) or "nothing is known"


def summarize_measures(rows: Iterable[Mapping[str, Any]]) -> Measures:
    """Return the summary of every measure, by its name; those unknown are left out.

    Args:
        rows: One an example, as the collector's ``measures`` (docs/api.md): keys
            ``example_id``, and for each measure a list with one value a prediction,
            None where it is not known.
    """
    examples = list(rows)
    found = Measures()
    for name in MEASURES:
        values: dict[str, Sequence[float]] = {}
        n_missing = 0
        for row in examples:
            given = _values(row, name)
            values[row["example_id"]] = [value for value in given if value is not None]
            n_missing += sum(value is None for value in given)
        if any(values.values()):
            found[name] = MeasureSummary.of(name, values, n_missing=n_missing)
    return found


def _values(row: Mapping[str, Any], name: str) -> Sequence[float | None]:
    if name != "total_tokens":
        return row.get(name) or ()
    pairs = zip(
        row.get("input_tokens") or (), row.get("output_tokens") or (), strict=False
    )
    return [
        None if given is None and made is None else (given or 0) + (made or 0)
        for given, made in pairs
    ]


def measure_sums(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what a run took as rows of ``sums``, each measure like a score.

    Args:
        rows: As for `summarize_measures`.
    """
    return [
        {
            "score": name,
            "type": measure.type,
            "example_id": example,
            "n": len(values),
            "sum": sum(values),
            "sum_squares": sum(value * value for value in values),
        }
        for name, measure in summarize_measures(rows).items()
        for example, values in measure.values.items()
        if values
    ]

"""What a list of runs says of each score, without reading the runs one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tracer.stats import Interval, interval_from_cluster_sums, scale_of

_SUMS: Final = (
    *("n_clusters", "sum", "sum_squares", "cluster_sum_squares"),
    *("cluster_sum_counts", "cluster_count_squares"),
)


@dataclass(frozen=True, slots=True)
class ListedScore:
    """One score of a run as lists bring it."""

    name: str
    """Name of the score."""
    type: str
    """``bool``, ``number`` or ``label``."""
    n: int
    """Values that are there."""
    n_examples: int
    """Examples that have a value."""
    mean: float | None
    """Mean over all values; None for labels."""
    ci95: Interval | None
    """95 % interval of the mean, with examples as clusters."""


def listed_scores(run: Mapping[str, Any]) -> dict[str, ListedScore]:
    """Return the scores of a run of a list, those it declares first."""
    means = run["means"] or {}
    declared = [name for name in run["scorers"] or () if name in means]
    names = dict.fromkeys([*declared, *sorted(means)])
    return {
        name: _listed(name, means[name], means.get(means[name].get("beside"), {}))
        for name in names
    }


def _listed(name: str, found: Mapping[str, Any], own: Mapping[str, Any]) -> ListedScore:
    """Return a score; `own` is the one that it stands beside, whose scale it has."""
    sums = {key: found[key] for key in _SUMS}
    told = found if found.get("scale_low") is not None else own
    ends = (told.get("scale_low"), told.get("scale_high"))
    scale = scale_of(found.get("beside") or name, *ends)
    mean, low, high = interval_from_cluster_sums(
        n=found["n"], type=found["type"], scale=scale, **sums
    )
    interval = None if low is None or high is None else (low, high)
    n_examples = int(found["n_clusters"])
    return ListedScore(name, found["type"], found["n"], n_examples, mean, interval)

"""What biases a pairwise judge shows: for a place, for length, for itself."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracer.errors import ConfigurationError
from tracer.judges.pairwise import BASELINE, CANDIDATE, TIE, VALUES
from tracer.stats import Interval, mean_interval
from tracer.stats._agreement import cluster_sums


@dataclass(frozen=True, slots=True)
class Share:
    """A share or a mean difference, with what it is from."""

    mean: float | None
    """The share; None without anything to count."""

    ci95: Interval | None
    """95 % interval, with examples as clusters."""

    n: int
    """What it is over."""


@dataclass(frozen=True, slots=True)
class PairwiseBias:
    """What the choices of a pairwise judge show."""

    n_pairs: int
    """Judgements, each in both orders."""

    consistent: Share
    """Share of pairs of which both orders say the same."""

    first: Share
    """Share of choices that fell on the answer shown first, ties left out; a judge
    without a bias for the place has 0.5."""

    longer: Share
    """Share of decided pairs that the longer answer won. By itself it is no bias:
    longer answers may be better."""

    longer_by_others: Share
    """The same of the same pairs by the others' verdicts, to compare with."""

    self_preference: Share
    """How much more the judge gives its own answers than the others do, mean over pairs
    of values 0 to 1; above 0 it prefers itself. Empty without `own` and others."""


def pairwise_bias(
    rows: Iterable[Mapping[str, Any]],
    *,
    own: str | None = None,
    others: Mapping[str, str] | None = None,
) -> PairwiseBias:
    """Return the biases that a `PairwiseJudge`'s scores show.

    Args:
        rows: Its scores: ``example_id``, ``label`` and ``metadata`` of each.
        own: Whose answers the judge's own model wrote: ``candidate`` or ``baseline``.
        others: What people, or other judges, said of the examples, by example id:
            ``candidate``, ``baseline`` or ``tie``.

    Raises:
        ConfigurationError: `own` or a label of `others` is none of these.
    """
    others = dict(others or {})
    unknown = {own or TIE, *others.values()} - set(VALUES)
    if unknown or own == TIE:
        raise ConfigurationError(
            f"own={own!r}, others with {sorted(map(str, unknown))}; sides are "
            f"{CANDIDATE!r} and {BASELINE!r}, verdicts also {TIE!r}"
        )
    pairs = [row for row in rows if row["label"] in VALUES and row["metadata"]]
    common = [row for row in pairs if row["example_id"] in others]
    return PairwiseBias(
        n_pairs=len(pairs),
        consistent=_share((_of(row), _is_consistent(row)) for row in pairs),
        first=_share(choice for row in pairs for choice in _first_choices(row)),
        longer=_share(
            won for row in pairs for won in _longer_won(row, str(row["label"]))
        ),
        longer_by_others=_share(
            won for row in common for won in _longer_won(row, others[_of(row)])
        ),
        self_preference=_share(
            ((_of(row), _surplus(row, own, others)) for row in common if own),
            type="number",
        ),
    )


def _of(row: Mapping[str, Any]) -> str:
    return str(row["example_id"])


def _is_consistent(row: Mapping[str, Any]) -> float:
    said = row["metadata"]
    return float(said["candidate_first"] == said["baseline_first"])


def _first_choices(row: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
    """Yield for each order that was decided whether the first answer was chosen."""
    for order, first in (("candidate_first", CANDIDATE), ("baseline_first", BASELINE)):
        said = row["metadata"][order]
        if said != TIE:
            yield _of(row), float(said == first)


def _longer_won(row: Mapping[str, Any], label: str) -> Iterable[tuple[str, float]]:
    candidate = int(row["metadata"]["candidate_length"])
    baseline = int(row["metadata"]["baseline_length"])
    if label != TIE and candidate != baseline:
        longer = CANDIDATE if candidate > baseline else BASELINE
        yield _of(row), float(label == longer)


def _surplus(
    row: Mapping[str, Any], own: str | None, others: Mapping[str, str]
) -> float:
    """Return how much more the judge gave its own answer than the others did."""
    more = VALUES[str(row["label"])] - VALUES[others[_of(row)]]
    return more if own == CANDIDATE else -more


def _share(values: Iterable[tuple[Hashable, float]], *, type: str = "bool") -> Share:
    sums = cluster_sums(values)
    ends = mean_interval(sums, type=type, scale=(-1, 1))
    return Share(sums.mean, ends, int(sums.n))

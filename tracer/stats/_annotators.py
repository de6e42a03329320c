"""How far people agree who looked at the same things, not all at all of them."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from tracer._extras import require
from tracer.stats._agreement import WEIGHTS, cluster_sums, weighted_kappa
from tracer.stats._intervals import Interval, mean_interval

Annotation = tuple[Hashable, str, Any]
"""Item, annotator, what they said of it."""

LEVELS: Final = {"nominal": "none", "interval": "quadratic"}
"""How answers differ: or not, or by the square of their distance."""

LEAST_ITEMS: Final = 10
"""With fewer, resampled items say nothing about an interval."""

RESAMPLES: Final = 2000
"""How often the items are drawn again for an interval."""


@dataclass(frozen=True, slots=True)
class AnnotatorAgreement:
    """Agreement of two annotators or more over the items that at least two saw."""

    n_items: int
    """Items with two answers or more."""

    n_answers: int
    """Answers to them."""

    n_annotators: int
    """People who gave them."""

    exact: float | None
    """Share of pairs of answers to one item that are equal."""

    exact_ci95: Interval | None
    """95 % interval of it, with items as clusters."""

    alpha: float | None
    """Krippendorff's alpha: 1 is agreement, 0 what chance would do; None where all
    answers are one and the same, which shows nothing."""

    alpha_ci95: Interval | None
    """95 % interval of it by resampling items; None below `LEAST_ITEMS`."""

    level: str
    """``nominal`` or ``interval``."""

    kappas: Mapping[tuple[str, str], tuple[float | None, int]]
    """Cohen's kappa (not weighted) of each two people, and the items they share."""

    disagreements: tuple[Hashable, ...]
    """Items on which not all said the same, in the order given."""


def annotator_agreement(
    annotations: Iterable[Annotation], *, level: str = "nominal"
) -> AnnotatorAgreement | None:
    """Return how far annotators agree; None while no item has two answers.

    Krippendorff's alpha (Krippendorff 2011, "Computing Krippendorff's
    Alpha-Reliability") takes any number of people and answers that are missing.

    Args:
        annotations: One an answer; of one person to one item the first counts.
        level: ``nominal`` for labels and yes/no, ``interval`` for numbers.

    Raises:
        ValueError: There is no such level.
    """
    if level not in LEVELS:
        raise ValueError(f"level={level!r}; give one of {', '.join(LEVELS)}")
    items: dict[Hashable, dict[str, Any]] = {}
    for item, annotator, value in annotations:
        items.setdefault(item, {}).setdefault(annotator, value)
    shared = {item: said for item, said in items.items() if len(said) > 1}
    if not shared:
        return None
    equal = cluster_sums(
        (item, float(one == other))
        for item, said in shared.items()
        for one, other in combinations(said.values(), 2)
    )
    alpha, alpha_ci95 = _alpha([list(said.values()) for said in shared.values()], level)
    return AnnotatorAgreement(
        n_items=len(shared),
        n_answers=sum(len(said) for said in shared.values()),
        n_annotators=len({who for said in shared.values() for who in said}),
        exact=equal.mean,
        exact_ci95=mean_interval(equal, type="bool"),
        alpha=alpha,
        alpha_ci95=alpha_ci95,
        level=level,
        kappas=_kappas(shared),
        disagreements=tuple(
            item for item, said in shared.items() if len(set(said.values())) > 1
        ),
    )


def _kappas(
    shared: Mapping[Hashable, Mapping[str, Any]],
) -> dict[tuple[str, str], tuple[float | None, int]]:
    pairs: dict[tuple[str, str], list[tuple[Any, Any]]] = {}
    for said in shared.values():
        for one, other in combinations(sorted(said), 2):
            pairs.setdefault((one, other), []).append((said[one], said[other]))
    return {
        both: (weighted_kappa(given, WEIGHTS["none"]), len(given))
        for both, given in sorted(pairs.items())
    }


def _alpha(units: list[list[Any]], level: str) -> tuple[float | None, Interval | None]:
    """Return alpha and its interval: percentiles over resampled units."""
    numpy = require("numpy", extra="evals", purpose="agreement of annotators")
    values = list(dict.fromkeys(value for unit in units for value in unit))
    weight = WEIGHTS[LEVELS[level]]
    apart = numpy.array([[weight(one, other) for other in values] for one in values])
    counted = [Counter(unit) for unit in units]
    counts = numpy.array([[unit[value] for value in values] for unit in counted], float)
    within = numpy.einsum("uc,cd,ud->u", counts, apart, counts)
    within = within / (counts.sum(axis=1) - 1)

    def of(drawn: Any) -> Any:
        totals = drawn @ counts
        n = totals.sum(axis=1)
        seen = (drawn @ within) / n
        chance = numpy.einsum("rc,cd,rd->r", totals, apart, totals) / (n * (n - 1))
        with numpy.errstate(invalid="ignore"):  # 0 by 0 where all said one thing
            return 1 - seen / chance

    (found,) = of(numpy.ones((1, len(units))))
    if numpy.isnan(found):
        return None, None
    if len(units) < LEAST_ITEMS:
        return float(found), None
    random = numpy.random.default_rng(0)
    shares = numpy.full(len(units), 1 / len(units))
    drawn = of(random.multinomial(len(units), shares, size=RESAMPLES).astype(float))
    low, high = numpy.nanquantile(drawn, [0.025, 0.975])
    return float(found), (float(low), float(high))

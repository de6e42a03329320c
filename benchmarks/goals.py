"""What the project promises, and whether a run kept it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.contestants import CONTESTANTS
from benchmarks.rounds import Found, spread
from benchmarks.tables import show

OURS, YARDSTICK, BEST_PEER = "tracer", "sdk", "best peer"


@dataclass(frozen=True)
class Goal:
    """One figure of ours, against a limit."""

    what: str
    """The figure, for people."""

    figure: str
    """The figure in a round's record."""

    limit: float
    """The most it may be: times the other's figure, or by itself."""

    against: str = ""
    """`sdk`, `best peer`, or nothing: the limit is absolute then."""

    in_every_round: bool = False
    """Whether no round may exceed an absolute limit, or their median may not."""

    at_least: bool = False
    """Whether an absolute limit is the least that the figure may be."""


def best_peer(found: Mapping[str, Found], figure: str) -> Found | None:
    """Return the peer with the lowest median; None if there is no peer."""
    peers = [each for name, each in found.items() if CONTESTANTS[name].is_peer]
    return min(peers, key=lambda peer: peer.middle(figure), default=None)


def judge(goal: Goal, found: Mapping[str, Found]) -> list[object] | None:
    """Return a row: figure, ours, against what, ratio, limit, verdict.

    The best peer is the one with the lowest median. The ratio is the median of the
    rounds' ratios: each round compares what ran within the same minute. None where
    this run lacks what the goal speaks of.
    """
    ours = found.get(OURS)
    if ours is None:
        return None
    if not goal.against:
        values = ours.values(goal.figure)
        judged = max(values) if goal.in_every_round else median(values)
        is_met = judged >= goal.limit if goal.at_least else judged <= goal.limit
        verdict = "met" if is_met else "**not met**"
        limit = f"{'≥' if goal.at_least else '≤'} {goal.limit:g}"
        return [goal.what, ours.told(goal.figure), "–", "–", limit, verdict]
    peer = best_peer(found, goal.figure)
    other = peer if goal.against == BEST_PEER else found.get(goal.against)
    if other is None:
        return None
    told = f"{other.title}: {other.told(goal.figure)}"
    both = zip(ours.values(goal.figure), other.values(goal.figure), strict=False)
    ratios = [mine / theirs for mine, theirs in both]
    verdict = "met" if median(ratios) <= goal.limit else "**not met**"
    limit = f"≤ {goal.limit:g} ×"
    return [goal.what, ours.told(goal.figure), told, spread(ratios), limit, verdict]


def show_goals(goals: Sequence[Goal], found: Mapping[str, Found]) -> None:
    """Print the goals that this run can judge."""
    rows = [row for goal in goals if (row := judge(goal, found)) is not None]
    if rows:
        print("\nThe goals, by the ratio of figures of the same round:\n")
        show(("", "ours", "against", "ratio", "goal", ""), rows)

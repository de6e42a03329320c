"""Two runs example by example: what was lost, what was won, and what was said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Column
from dashboard.shaping.runs.grid import said
from dashboard.shaping.traces import score_words
from tracer.stats import ScoreSummary

Row = Mapping[str, Any]

SHOW: Final = ("all", "worse", "better", "equal")
_TIE: Final = 1e-12
"""Means closer than this are equal, as `tracer.stats` has it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One example in two runs."""

    id: str
    """Id of the example."""
    old: tuple[float, float]
    """Number and mean of the baseline's values."""
    new: tuple[float, float]
    """The same of the candidate."""
    gain: float
    """How much better the candidate is, in the score's unit; below 0 it is worse."""

    @property
    def difference(self) -> float:
        """Candidate minus baseline."""
        return self.new[1] - self.old[1]

    @property
    def outcome(self) -> str:
        """One of `SHOW`."""
        if abs(self.gain) < _TIE:
            return "equal"
        return "better" if self.gain > 0 else "worse"


def pairs(
    baseline: ScoreSummary, candidate: ScoreSummary, *, higher_is_better: bool = True
) -> list[Pair]:
    """Return the examples that both runs have, the largest loss first."""
    before, after = baseline.sums.by_example(), candidate.sums.by_example()
    sign = 1.0 if higher_is_better else -1.0
    found = []
    for id, (n_old, old) in before.items():
        if id in after:
            n_new, new = after[id]
            gain = sign * (new / n_new - old / n_old)
            found.append(Pair(id, (n_old, old / n_old), (n_new, new / n_new), gain))
    return sorted(found, key=lambda pair: (pair.gain, pair.id))


def narrowed(found: Iterable[Pair], show: str) -> list[Pair]:
    """Return the pairs of one choice of `SHOW`; the better ones largest gain first."""
    shown = [pair for pair in found if show in ("all", pair.outcome)]
    return shown[::-1] if show == "better" else shown


def columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of the comparison by example."""
    return [
        Column("example", texts["example"], "minmax(60px, max-content)"),
        Column("input", texts["input"], "minmax(120px, 2fr)"),
        Column("baseline", texts["baseline"], "max-content", end=True),
        Column("candidate", texts["candidate"], "max-content", end=True),
        Column("difference", texts["difference"], "110px"),
        Column("old", texts["old"], "minmax(100px, 1.4fr)"),
        Column("new", texts["new"], "minmax(100px, 1.4fr)"),
    ]


def rows(
    shown: Sequence[Pair],
    *,
    kind: str,
    most: float,
    old: Sequence[Row],
    new: Sequence[Row],
) -> list[dict[str, Any]]:
    """Return pairs as rows of a table.

    Args:
        shown: Those of the page.
        kind: Type of the score.
        most: The largest change of any example, for the scale.
        old: The baseline's predictions of these examples.
        new: The candidate's.
    """
    before, after = first_of(old), first_of(new)
    scale = (-most or -1.0, most or 1.0)
    return [
        _row(pair, kind, scale, before.get(pair.id), after.get(pair.id))
        for pair in shown
    ]


def _row(
    pair: Pair,
    kind: str,
    scale: tuple[float, float],
    old: Row | None,
    new: Row | None,
) -> dict[str, Any]:
    tones: dict[str, cells.Tone] = {"worse": "bad", "better": "good"}
    change = pair.difference
    return cells.row(
        pair.id,
        example=cells.example(pair.id),
        input=said((new or old or {}).get("input")),
        baseline=_mean(kind, *pair.old),
        candidate=_mean(kind, *pair.new),
        difference=cells.interval(
            change,
            (min(0.0, change), max(0.0, change)),
            scale=scale,
            zero=True,
            tone=tones.get(pair.outcome, "none"),
            title=numbers.signed(change),
        ),
        old=said(old["output"], soft=True) if old else None,
        new=said(new["output"]) if new else None,
    )


def _mean(kind: str, n: float, mean: float) -> cells.Cell:
    """Return what one run scored of an example; of a single yes/no which it was."""
    score = {"type": kind, "mean": mean, "n": round(n), "label": None}
    return score_words.cell(score)


def first_of(predictions: Iterable[Row]) -> dict[str, Row]:
    """Return the first prediction of each example."""
    found: dict[str, Row] = {}
    for prediction in predictions:
        found.setdefault(prediction["example_id"], prediction)
    return found

"""Which score of a run is looked at; the address says it."""

from collections.abc import Mapping
from typing import Final

from dashboard.parts import choices
from dashboard.shaping.runs import evaluations
from dashboard.texts import text
from tracer.stats import ScoreSummary

MOST_SIDE_BY_SIDE: Final = 4
"""Beyond so many, or so many letters, scores are chosen from a list."""
MOST_LETTERS: Final = 48
WIDTH_PX: Final = 260


def chosen_score(
    summary: Mapping[str, ScoreSummary], *, labels: bool = False
) -> str | None:
    """Draw the choice of a score and return it; None for a run without.

    Args:
        summary: The run's scores.
        labels: Whether labels may be chosen too.
    """
    names = [name for name, one in summary.items() if labels or one.type != "label"]
    if not names:
        return None
    usual = evaluations.first_shown({name: summary[name] for name in names})
    return one_of(names, usual)


def one_of(names: list[str], usual: str) -> str:
    """Draw the choice of one of these scores: side by side if there is room."""
    few = len(names) <= MOST_SIDE_BY_SIDE and sum(map(len, names)) <= MOST_LETTERS
    words = {name: name for name in names}
    label = text("evaluations.score")
    if few:
        return choices.segmented(
            label, names, names=words, param="score", default=usual
        )
    return choices.select(
        label, names, names=words, param="score", default=usual, width=WIDTH_PX
    )

"""How far a judge agrees with people, of each of its scores."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import data
from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell
from dashboard.texts import text
from tracer.errors import ConfigurationError
from tracer.stats import Agreement
from tracer.worker.estimating import on_paper

MOST_JUDGES: Final = 12
"""Judges of a list whose agreement is read; each is a read of its own."""


def by_score(
    definition: Mapping[str, Any], project: str
) -> dict[str, Agreement | None]:
    """Return score to agreement, None where nothing is scored by both."""
    judge = on_paper(definition)
    names = [f"{judge.name}.{one}" for one in judge.score_names] or [judge.name]
    return {name: data.agreement(name, judge.author, project) for name in names}


def of_judges(found: Sequence[data.Row]) -> dict[str, Cell]:
    """Return a judge's id → its agreement in short, of the first of a list."""
    first = found[:MOST_JUDGES]
    shown = data.together(
        lambda row: _in_short(row["definition"], row["project"]), first
    )
    return dict(zip((row["id"] for row in first), shown, strict=True))


def _in_short(definition: Mapping[str, Any], project: str) -> Cell:
    """Return the agreement over the score that people gave most often, as a cell."""
    try:
        found = by_score(definition, project)
    except ConfigurationError:  # a judge of a later version
        return None
    known = {name: one for name, one in found.items() if one is not None}
    if not known:
        return None
    name = max(known, key=lambda name: known[name].n)
    one = known[name]
    shown = f"{with_interval(one.exact, one.exact_ci95)} · n {numbers.count(one.n)}"
    return cells.words(shown, title=f"{name}: {shown}")


def with_interval(share: float, bounds: tuple[float, float] | None) -> str:
    """Return a share with its interval, if it has one."""
    if bounds is None:
        return numbers.percent(share)
    low, high = (numbers.percent(one) for one in bounds)
    return f"{numbers.percent(share)} [{low} – {high}]"


def kappa(found: Agreement) -> Cell:
    """Return kappa with its interval, a word where the examples allow none."""
    shown = numbers.two_decimals(found.kappa)
    if found.kappa is None:
        return cells.words(shown)
    if found.kappa_ci95 is None:
        return cells.words(shown, title=text("judges.no_kappa_interval"))
    low, high = (numbers.two_decimals(end) for end in found.kappa_ci95)
    return cells.words(f"{shown} [{low} – {high}]")

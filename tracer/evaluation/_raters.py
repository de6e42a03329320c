"""Who said what of one prediction: a scorer makes trials, people make readings."""

from collections.abc import Mapping
from dataclasses import replace
from statistics import fmean
from typing import Final

from tracer import semconv
from tracer.evaluation._outcomes import Outcome
from tracer.stats._scale import SHARE, Scale, widest

ScoreKey = tuple[str, str, str, int]
"""Name, source, author, repeat: what a second score of a prediction replaces."""

PEOPLE: Final = "people"
"""All people together; a scorer goes by its author, else by its source."""


def rater_of(key: ScoreKey) -> str:
    """Return who gave a score, in one word, as the collector has it."""
    _, source, author, _ = key
    return PEOPLE if source in semconv.PEOPLE else author or source


def readings(
    scores: Mapping[ScoreKey, Outcome],
) -> dict[tuple[str, str], list[Outcome]]:
    """Return (name, rater) to what counts of the scores of one prediction.

    What several people gave is one value, their mean; their labels count each.
    """
    said: dict[tuple[str, str], list[Outcome]] = {}
    for key, outcome in scores.items():
        said.setdefault((key[0], rater_of(key)), []).append(outcome)
    return {
        (name, rater): _as_one(some) if rater == PEOPLE else some
        for (name, rater), some in said.items()
    }


def _as_one(said: list[Outcome]) -> list[Outcome]:
    values = [float(one.value) for one in said if one.value is not None]
    if len(said) < 2 or not values:
        return said
    mean, scale = fmean(values), None
    for one in said:
        scale = widest(scale, one.scale)
    labels = [one.label for one in said if one.label is not None]
    first = Outcome("number", mean, next(iter(labels), None), scale=scale)
    if all(one.type == "bool" for one in said if one.value is not None):
        first = _share(first, mean, scale)
    return [first, *(Outcome("label", label=label) for label in labels[1:])]


def _share(outcome: Outcome, mean: float, scale: Scale | None) -> Outcome:
    """Return the mean of yes/no: yes, no, or how many said yes."""
    if mean in SHARE:
        return replace(outcome, type="bool")
    return replace(outcome, scale=widest(scale, SHARE))

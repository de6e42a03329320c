"""Labels of many rows against the right ones: accuracy, F1, confusion, kappa."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Any, Literal

from tracer._aligned import Readable
from tracer.metrics._label_text import classification_text
from tracer.metrics._match import plain
from tracer.stats._agreement import WEIGHTS, weighted_kappa

Pair = tuple[Any, Any]
"""What was said, and what is right."""

Table = tuple[tuple[int, ...], ...]
"""Counts: a row for each right label, a column for each that was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Precision, recall and F1, each 0 to 1; 0 where there is nothing to divide by."""

    precision: float
    """Of what was given the label, the share that has it."""

    recall: float
    """Of what has the label, the share that was given it."""

    f1: float
    """Harmonic mean of the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFigures(Figures):
    """The figures of one label against all others; of yes/no, ``per_label[True]``."""

    n_expected: int
    """How many rows have the label."""

    n_output: int
    """How many were given it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification(Readable):
    """How well labels of many rows agree with the right ones; printed, tables."""

    n: int
    """Rows with both labels."""

    n_missing: int
    """Rows left aside, because one of the two labels is None."""

    labels: tuple[Hashable, ...]
    """All labels, sorted, or in the order that was given."""

    confusion: Table = field(repr=False)
    """Counts: row i has label i, column j was given label j (`labels`)."""

    accuracy: float
    """Share of rows with the right label."""

    kappa: float | None
    """Cohen's kappa; None where chance alone would agree on every row."""

    per_label: Mapping[Hashable, LabelFigures] = field(repr=False)
    """The figures of each label."""

    micro: Figures
    """Over all decisions; with one label a row all three equal `accuracy`."""

    macro: Figures
    """Mean over labels, each counting the same."""

    weighted: Figures
    """Mean over labels, each counting as often as it is right."""

    def __str__(self) -> str:
        return classification_text(self)


def classification(
    pairs: Iterable[Pair], *, labels: Sequence[Hashable] | None = None
) -> Classification:
    """Judge the labels of many rows at once.

    Texts are compared in composed form (NFC), without space at their ends.

    Args:
        pairs: What was said and what is right, of each row; see `label_pairs`.
        labels: All labels in the wanted order; sorted if not given.

    Raises:
        ValueError: No row has both labels, or one is not among `labels`.
    """
    both, n_missing = _complete(pairs)
    labels = _all_labels(both, labels)
    table = _table(both, labels)
    found = {label: _of_label(table, place) for place, label in enumerate(labels)}
    rights = sum(table[place][place] for place in range(len(labels)))
    accuracy = rights / len(both)
    return Classification(
        n=len(both),
        n_missing=n_missing,
        labels=labels,
        confusion=table,
        accuracy=accuracy,
        kappa=weighted_kappa(both, WEIGHTS["none"]),
        per_label=found,
        micro=Figures(precision=accuracy, recall=accuracy, f1=accuracy),
        macro=_mean(found.values(), [1] * len(labels)),
        weighted=_mean(found.values(), [one.n_expected for one in found.values()]),
    )


def cohen_kappa(
    pairs: Iterable[Pair],
    *,
    weights: Literal["linear", "quadratic"] | None = None,
    labels: Sequence[Hashable] | None = None,
) -> float | None:
    """Return Cohen's kappa of two raters, -1 to 1; 0 is what chance would do.

    Weighted, a near miss counts less than a far one (Cohen 1968): the distance of two
    ratings is their difference, or its square.

    Args:
        pairs: The two ratings of each row; rows with a None are left aside.
        weights: None for labels without an order.
        labels: All ratings, from worst to best; those that are no numbers are one step
            apart.

    Returns:
        None where chance alone would agree on every row, as nothing varies.

    Raises:
        ValueError: No row has both ratings, or one is not among `labels`; ratings to
            be weighted are no numbers, and `labels` does not say their order.
    """
    both, _ = _complete(pairs)
    found = _all_labels(both, labels)
    places = _places(found, are_ordered=labels is not None or weights is None)
    scale = dict(zip(found, places, strict=True))
    return weighted_kappa(
        [(scale[one], scale[other]) for one, other in both], WEIGHTS[weights or "none"]
    )


def label_pairs(rows: Iterable[Any], *, score: str | None = None) -> list[Pair]:
    """Return what was said and what is right, of every prediction of a run.

    Args:
        rows: `client.evaluation(id).predictions()`, or the rows of a result.
        score: Take this score instead of the output: its label, else its value. A row
            without it gives None.
    """
    return [(_said(row, score), _column(row, "expected")) for row in rows]


def _said(row: Any, score: str | None) -> Any:
    if score is None:
        return _column(row, "output")
    found = _column(row, "scores").get(score)
    if not isinstance(found, Mapping):
        return found
    label, value = found.get("label"), found.get("value")
    if label is not None or value is None:
        return label
    return bool(value) if found.get("type") == "bool" else value


def _column(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


def _complete(pairs: Iterable[Pair]) -> tuple[list[Pair], int]:
    given = [(_label(said), _label(right)) for said, right in pairs]
    both = [pair for pair in given if None not in pair]
    if not both:
        raise ValueError(
            f"of {len(given)} rows none has both labels; there is nothing to compare"
        )
    return both, len(given) - len(both)


def _label(value: Any) -> Any:
    return plain(value) if isinstance(value, str) else value


def _all_labels(
    both: Sequence[Pair], labels: Sequence[Hashable] | None
) -> tuple[Hashable, ...]:
    seen = {label for pair in both for label in pair}
    if labels is None:
        return tuple(sorted(seen, key=lambda label: (type(label).__name__, label)))
    given = tuple(map(_label, labels))
    unknown = seen - set(given)
    if unknown:
        raise ValueError(
            f"{sorted(map(str, unknown))} not among labels={list(labels)!r}; add them"
        )
    return given


def _places(labels: Sequence[Any], *, are_ordered: bool) -> Sequence[float]:
    """Return where ratings lie on a scale: numbers at their value, others in order."""
    if all(isinstance(label, int | float) for label in labels):
        return [float(label) for label in labels]
    if not are_ordered:
        raise ValueError(
            f"ratings {list(labels)!r} are no numbers; give labels=, from worst to best"
        )
    return [float(place) for place in range(len(labels))]


def _table(both: Iterable[Pair], labels: Sequence[Hashable]) -> Table:
    counts = Counter((right, said) for said, right in both)
    return tuple(tuple(counts[right, said] for said in labels) for right in labels)


def _of_label(table: Table, place: int) -> LabelFigures:
    right = table[place][place]
    n_expected = sum(table[place])
    n_output = sum(row[place] for row in table)
    total = n_expected + n_output
    return LabelFigures(
        precision=right / n_output if n_output else 0.0,
        recall=right / n_expected if n_expected else 0.0,
        f1=2 * right / total if total else 0.0,
        n_expected=n_expected,
        n_output=n_output,
    )


def _mean(figures: Iterable[Figures], weights: Sequence[int]) -> Figures:
    found, total = list(figures), sum(weights)

    def mean(name: str) -> float:
        parts = zip(found, weights, strict=True)
        return fsum(getattr(one, name) * weight for one, weight in parts) / total

    return Figures(precision=mean("precision"), recall=mean("recall"), f1=mean("f1"))

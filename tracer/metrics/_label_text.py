"""A classification as people read it: figures by label, and what was taken for what."""

from typing import TYPE_CHECKING

from tracer._aligned import aligned
from tracer.stats._wording import value_text

if TYPE_CHECKING:
    from tracer.metrics._labels import Classification, Figures

MOST_COLUMNS = 12
"""Labels of which the confusion is shown; beyond, a terminal's lines would break."""


def classification_text(found: "Classification") -> str:
    """Return the figures, a line a label, and the confusion of a few labels."""
    kappa = "unknown" if found.kappa is None else f"{found.kappa:.3g}"
    parts = [
        f"accuracy {value_text(found.accuracy, 'bool')}",
        f"kappa {kappa}",
        f"n {found.n}",
    ]
    parts += [f"{found.n_missing} missing"] if found.n_missing else []
    figures = [
        (str(label), *_told(one), str(one.n_expected), str(one.n_output))
        for label, one in found.per_label.items()
    ]
    means = (("macro", found.macro), ("weighted", found.weighted))
    figures += [(f"({name})", *_told(mean), "", "") for name, mean in means]
    heads = ("label", "precision", "recall", "F1", "right", "said")
    return "\n\n".join(
        [" · ".join(parts), aligned([heads, *figures]), *_confusion(found)]
    )


def _confusion(found: "Classification") -> list[str]:
    """Return the confusion matrix as a table; none where it would be too wide."""
    if len(found.labels) > MOST_COLUMNS:
        return []
    heads = ("right ↓ said →", *map(str, found.labels))
    rows = zip(found.labels, found.confusion, strict=True)
    return [aligned([heads, *((str(one), *map(str, row)) for one, row in rows)])]


def _told(figures: "Figures") -> tuple[str, ...]:
    values = (figures.precision, figures.recall, figures.f1)
    return tuple(f"{value:.3f}" for value in values)

"""What a gate asks for, as people write it: ``correct >= -0.02``."""

import re
from collections.abc import Container
from dataclasses import dataclass

from tracer.errors import ConfigurationError
from tracer.stats import MEASURES

_FORM = re.compile(
    r"\s*(?P<figure>\S.*?)(?<![=!<>])\s*(?P<op>>=|<=|>|<)\s*"
    r"(?P<bound>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?P<times>x?)\s*"
)
_QUANTILE = re.compile(r"latency_p(?P<percent>\d{1,2})_ms")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One statement on candidate against baseline that is to be shown."""

    text: str
    """As it was written."""

    figure: str
    """Name of a score, of a measure, or ``latency_pNN_ms``."""

    is_floor: bool
    """Whether the candidate is to be above the bound, rather than below."""

    bound: float
    """Difference from the baseline in the figure's unit, or ratio to it."""

    is_ratio: bool
    """Whether `bound` is a ratio."""

    def quantile(self, scores: Container[str]) -> float | None:
        """Return the quantile that is meant, 0 to 1; None for a mean.

        A score that is called so goes before.
        """
        if self.figure in scores or not (found := _QUANTILE.fullmatch(self.figure)):
            return None
        return int(found["percent"]) / 100


def parse_requirement(text: str) -> Requirement:
    """Read a requirement: figure, ``>=`` or ``<=``, difference or ratio (``1.1x``).

    Raises:
        ConfigurationError: The text is none.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise ConfigurationError(
            f"requirement {text!r} is not understood; write 'correct >= -0.02' (a "
            "difference from the baseline) or 'latency_p95_ms <= 1.1x' (a ratio)"
        )
    figure, bound = found["figure"], float(found["bound"])
    quantile = _QUANTILE.fullmatch(figure)
    if quantile and not int(quantile["percent"]):
        raise ConfigurationError(f"requirement {text!r}: write latency_p1_ms or more")
    if found["times"] and bound <= 0:
        raise ConfigurationError(f"requirement {text!r}: a ratio is above 0")
    return Requirement(
        text=text.strip(),
        figure=figure,
        is_floor=found["op"].startswith(">"),
        bound=bound,
        is_ratio=bool(found["times"]),
    )


def known_figures() -> str:
    """Return what may be asked for beside scores, for messages."""
    return ", ".join([*MEASURES, "latency_p50_ms", "latency_p95_ms"])

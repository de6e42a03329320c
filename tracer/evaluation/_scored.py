"""A score with what a scorer knows beside its value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Scored:
    """What a scorer may return instead of a bare value.

    A tuple of them is one score, given several times by one judge.
    """

    value: bool | float | str | None = None
    """The judgement; a text is a label, None a missing score."""

    label: str | None = None
    """A word beside a number."""

    explanation: str | None = None
    """Why."""

    metadata: Mapping[str, Any] | None = None
    """Facts about the judgement."""

    repeat: int = 0
    """Which judgement of the same author it is, from 0."""

    scale: tuple[float, float] | None = None
    """The least and the most that a number can be; the scorer's own unless given."""

    error: str | None = None
    """Qualified name of the exception, where there is no judgement; `explanation` says
    what happened."""

"""What a cell of a table can hold; the table component draws each by its shape."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from dashboard.shaping import numbers

Tone = Literal["good", "bad", "warn", "info", "none"]
Cell = str | dict[str, Any] | None
_HEX_DIGITS: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    key: str
    """Which cell of a row it shows."""
    label: str
    """Its heading."""
    width: str = "minmax(0, auto)"
    """A track of CSS grid."""
    end: bool = False
    """Whether it is aligned to the right, as numbers are."""
    sort: str | None = None
    """Order parameter that a click on the heading asks for, without its sign."""
    both: bool = False
    """Whether a second click asks for the other direction."""
    wrap: bool = False
    """Whether long text takes several lines."""
    help: str = ""
    """What the heading means, shown when pointed at."""
    from_px: int = 0
    """How wide the table must be, in pixels, for the column to be shown."""

    def as_data(self) -> dict[str, Any]:
        """Return the column as the component reads it."""
        return asdict(self)


def row(row_id: str, **values: Cell) -> dict[str, Any]:
    """Return one row of a table; its id is what a click hands back."""
    return {"id": row_id, "cells": values}


def time(start_ns: int | None, *, short: bool = False) -> Cell:
    """Return a moment, drawn in the viewer's zone and in UTC when pointed at.

    Short, it is the time of day, or the day if that is not today.
    """
    if start_ns is None:
        return None
    return {"time_ms": start_ns // 1_000_000, "short": short}


def moment(iso: str | datetime | None) -> Cell:
    """Return a moment given as ISO 8601 text or as an aware time."""
    if not iso:
        return None
    at = iso if isinstance(iso, datetime) else datetime.fromisoformat(iso)
    return {"time_ms": int(at.timestamp() * 1000)}


def words(
    text: object,
    *,
    title: str | None = None,
    mono: bool = False,
    soft: bool = False,
    tone: Tone | None = None,
) -> Cell:
    """Return text in one line; the whole of it (or `title`) shows when pointed at."""
    if text is None or text == "":
        return None
    shown = str(text)
    return {
        "text": shown,
        "title": title or shown,
        "mono": mono,
        "soft": soft,
        "tone": tone,
    }


def link(text: str, *, href: str, title: str | None = None) -> Cell:
    """Return text that leads to another page, or to this one in another state.

    Args:
        text: What is seen.
        href: A path of the dashboard (`address.link`), never what a trace says.
        title: What shows when pointed at; None for the text.
    """
    return {"text": text, "title": title or text, "href": href}


def failures(n: int) -> Cell:
    """Return how many there are of what should not be; none are soft, not unknown."""
    return words(numbers.count(n), tone="bad" if n else None, soft=not n)


def badge(text: str, tone: Tone = "none", *, dot: bool = False) -> Cell:
    """Return a word on a tinted ground; the word carries the meaning, not the tint."""
    return {"badge": {"text": text, "tone": tone, "dot": dot}}


_TONES: Final[Mapping[str, Tone]] = {
    "ok": "good",
    "error": "bad",
    "done": "good",
    "running": "info",
    "failed": "bad",
    "incomplete": "warn",
    "step_failed": "warn",
}


def status_of(trace: Mapping[str, Any]) -> str:
    """Return how a trace went; ``step_failed`` if it went well, and a step did not.

    A web framework answers 200 before a stream breaks, and an app may get over a step.
    """
    if trace["status"] != "error" and trace["n_errors"]:
        return "step_failed"
    return str(trace["status"])


def tone_of(status: str) -> Tone:
    """Return the tone in which a status is drawn."""
    return _TONES.get(status, "none")


def status_badge(value: str, words: Mapping[str, str]) -> dict[str, Any]:
    """Return the status of a span, a trace or a run as a badge of a heading.

    Args:
        value: One that the collector knows.
        words: What people call each.
    """
    return {"text": words.get(value, value), "tone": tone_of(value), "dot": True}


def status(value: str, words: Mapping[str, str]) -> Cell:
    """Return a status as a badge of a table; the arguments are `status_badge`'s."""
    return {"badge": status_badge(value, words)}


def kind(value: str) -> Cell:
    """Return a span's kind in its colour."""
    return {"badge": {"text": value, "kind": value, "dot": True}}


_SIGNS: Final = {True: "✓", False: "✗"}


@dataclass(frozen=True)
class Chip:
    """A short word, perhaps with a yes or a no behind it."""

    text: str
    """The word."""
    yes: bool | None = None
    """The answer; None where there is none."""
    rest: str = ""
    """What is behind the answer."""

    def __str__(self) -> str:
        """Return it as text alone."""
        sign = "" if self.yes is None else f" {_SIGNS[self.yes]}"
        return f"{self.text}{sign}{self.rest}"


def yes_no(answer: bool) -> Cell:
    """Return a yes or a no as a sign, with the word for who cannot see it."""
    return {"yes": answer}


def chips(texts: Sequence[str | Chip], *, most: int | None = None) -> Cell:
    """Return several short words; those beyond `most` are counted."""
    if not texts:
        return None
    found = [one if isinstance(one, Chip) else Chip(one) for one in texts]
    kept = found if most is None else found[:most]
    drawn: list[dict[str, Any]] = [
        {
            "text": one.text if most is None else middle_cut(one.text),
            "tone": "none",
            **({} if one.yes is None else {"yes": one.yes, "rest": one.rest}),
        }
        for one in kept
    ]
    if n_left := len(found) - len(kept):
        drawn.append({"text": f"+{n_left}", "tone": "none"})
    return {"chips": drawn, "title": " · ".join(map(str, found))}


def middle_cut(text: str | None, *, most: int = 26) -> str | None:
    """Return a long name without its middle: names often differ at their ends."""
    if text is None or len(text) <= most:
        return text
    kept = most // 2
    return f"{text[:kept]}…{text[-kept + 1 :]}"


def _is_digest(text: str) -> bool:
    return len(text) >= 16 and not set(text) - _HEX_DIGITS


def example(example_id: str) -> Cell:
    """Return an example's id in little room: a digest's start, a name's two ends."""
    shown = example_id[:10] if _is_digest(example_id) else None
    shown = shown or middle_cut(example_id, most=18)
    return words(shown, title=example_id, mono=True, soft=True)


def short_version(version: str) -> str:
    """Return a version of a dataset in little room: of a digest its start."""
    return version[:8] if _is_digest(version) else version


def bar(value: float | None, *, most: float, text: str) -> Cell:
    """Return a number with its share of the column's largest as a bar."""
    if value is None:
        return None
    return {"bar": value / most if most > 0 else 0.0, "text": text}


def score(
    text: str,
    *,
    tone: Tone = "none",
    fill: float = 0.5,
    opens: str | None = None,
    title: str = "",
) -> Cell:
    """Return a tinted score; `opens` makes it a button that hands that id back."""
    return {"score": text, "tone": tone, "fill": fill, "open": opens, "title": title}


def interval(
    mean: float,
    bounds: tuple[float, float] | None,
    *,
    scale: tuple[float, float],
    zero: bool = False,
    tone: Tone = "info",
    title: str = "",
) -> Cell:
    """Return a mean with its interval drawn on a scale that all rows share."""
    low, high = scale
    width = (high - low) or 1.0

    def place(value: float) -> float:
        return min(1.0, max(0.0, (value - low) / width))

    drawn: Mapping[str, Any] = {
        "mean": place(mean),
        "low": place(bounds[0]) if bounds else None,
        "high": place(bounds[1]) if bounds else None,
        "zero": place(0.0) if zero else None,
        "tone": tone,
    }
    return {"interval": dict(drawn), "title": title}

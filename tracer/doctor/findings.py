"""What a check found, and how it is told."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    state: Literal["ok", "note", "problem"]
    """A problem makes the command end with status 1; a note does not."""
    subject: str
    """What was looked at, one word."""
    text: str
    """What was found."""
    advice: str = ""
    """What to do about it."""

    def __str__(self) -> str:
        sign = {"ok": "ok", "note": "--", "problem": "!!"}[self.state]
        line = f"{sign}  {self.subject:<12} {self.text}"
        return f"{line}\n{'':17}{self.advice}" if self.advice else line


def ok(subject: str, text: str) -> Finding:
    """Return a finding that needs nothing done."""
    return Finding("ok", subject, text)


def note(subject: str, text: str, advice: str) -> Finding:
    """Return a finding that may be meant so."""
    return Finding("note", subject, text, advice)


def problem(subject: str, text: str, advice: str) -> Finding:
    """Return a finding that has to be mended."""
    return Finding("problem", subject, text, advice)

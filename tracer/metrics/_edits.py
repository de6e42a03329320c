"""How many edits part the output from what was expected."""

from collections.abc import Iterable, Sequence

from tracer._extras import require
from tracer.metrics._match import plain, references
from tracer.metrics._missing import missing_without_answer


@missing_without_answer
def cer(output: str, expected: str | Iterable[str], *, spaces: bool = True) -> float:
    """Return the character error rate: edits over the length of the reference.

    0 is equal; above 1 if the output is much longer. The lowest over the references.
    A reference without characters gives 0 for an empty output, else 1.

    Args:
        output: Text to judge; a Korean syllable is one character.
        expected: The reference, or several.
        spaces: Whether spaces count; Korean spacing is often left aside.
    """
    found = _characters(output, spaces)
    return min(
        _error_rate(found, _characters(reference, spaces))
        for reference in references(expected)
    )


@missing_without_answer
def wer(output: str, expected: str | Iterable[str]) -> float:
    """Return the word error rate: edits of words over words of the reference.

    Words are what space parts. Otherwise as `cer`.
    """
    found = plain(output).split()
    return min(
        _error_rate(found, plain(reference).split())
        for reference in references(expected)
    )


@missing_without_answer
def character_accuracy(
    output: str, expected: str | Iterable[str], *, spaces: bool = True
) -> float:
    """Return 1 - `cer`, not below 0."""
    return max(0.0, 1.0 - cer(output, expected, spaces=spaces))


def _characters(text: str, spaces: bool) -> str:
    words = plain(text).split()
    return (" " if spaces else "").join(words)


def _error_rate(output: Sequence[str], reference: Sequence[str]) -> float:
    if not reference:
        return float(bool(output))
    distance = require("rapidfuzz.distance", extra="evals", purpose="an edit distance")
    return int(distance.Levenshtein.distance(output, reference)) / len(reference)

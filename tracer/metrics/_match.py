"""Yes or no: is the output what was expected."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from math import isclose
from typing import Any, TypeVar

from tracer.evaluation._paths import said_of
from tracer.metrics._missing import missing_without_answer

T = TypeVar("T", bool, float)

NUMBER = re.compile(
    r"(?:(?<![\d.,])[-+\u2212])?"  # between digits it is a range or a date, not a sign
    r"(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
)


def plain(text: str) -> str:
    """Return text in composed form (NFC), without space at its ends.

    Korean typed on a Mac comes decomposed; it reads the same and must compare so.

    Raises:
        TypeError: It is no text.
    """
    if not isinstance(text, str):
        raise no_text(text)
    return unicodedata.normalize("NFC", text).strip()


def no_text(value: Any, column: str = "output") -> TypeError:
    """Return what is wrong with an output, or another column, that is no text."""
    advice = "give str(…) of it"
    if isinstance(value, Mapping) and value:
        key = next(iter(value))
        path = repr({column: f"{column}.{key}"})
        advice = (
            f"give one of them, {column}[{key!r}], "
            f"or metrics.scorer(NAME, column_map={path}) to an Evaluation"
        )
    return TypeError(f"it compares texts, and this is {said_of(value)}; {advice}")


def references(expected: str | Iterable[str]) -> list[str]:
    """Return the acceptable answers as a list; what is no list is a list of one.

    Raises:
        TypeError: One is a mapping.
        ValueError: There is none to compare with.
    """
    given: Any = expected  # what a row holds, whatever a person put there
    many = isinstance(given, Iterable) and not isinstance(given, str | Mapping)
    answers: list[str] = list(given) if many else [given]
    if not answers:
        raise ValueError("expected is empty; give a text, or a list with at least one")
    for answer in answers:
        if isinstance(answer, Mapping):
            raise no_text(answer, "expected")
    return answers


def best(
    measure: Callable[[str, str], T], output: str, expected: str | Iterable[str]
) -> T:
    """Return the highest value of `measure` over the acceptable answers."""
    return max(measure(output, reference) for reference in references(expected))


@missing_without_answer
def exact_match(output: Any, expected: Any, *, ignore_case: bool = False) -> bool:
    """Return whether output equals expected; texts regardless of Unicode form."""
    if not isinstance(output, str) or not isinstance(expected, str):
        return bool(output == expected)
    output, expected = plain(output), plain(expected)
    if ignore_case:
        output, expected = output.casefold(), expected.casefold()
    return bool(output == expected)


@missing_without_answer
def contains(
    output: str, expected: str | Iterable[str], *, ignore_case: bool = True
) -> bool:
    """Return whether any of the expected texts stands in the output."""

    def stands(output: str, reference: str) -> bool:
        output, reference = plain(output), plain(reference)
        if ignore_case:
            output, reference = output.casefold(), reference.casefold()
        return reference in output

    return best(stands, output, expected)


@missing_without_answer
def regex_match(output: str, pattern: str) -> bool:
    """Return whether the pattern is found anywhere in the output."""
    return _compiled(pattern).search(plain(output)) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(unicodedata.normalize("NFC", pattern))


@missing_without_answer
def numeric_match(
    output: Any, expected: Any, *, relative: float = 1e-6, absolute: float = 0.0
) -> bool:
    """Return whether two numbers are equal within a tolerance.

    Of a text the last number counts, as answers end with their result; thousands
    may be parted by commas. A text without a number matches nothing.

    Args:
        output: Number or text.
        expected: Number or text.
        relative: Difference allowed, as a part of the larger number.
        absolute: Difference allowed in any case.
    """
    found, wanted = _number(output), _number(expected)
    if found is None or wanted is None:
        return False
    return isclose(found, wanted, rel_tol=relative, abs_tol=absolute)


def _number(value: Any) -> float | None:
    if isinstance(value, Mapping):
        raise no_text(value)
    if not isinstance(value, str):
        return float(value)
    numbers = NUMBER.findall(value)
    if not numbers:
        return None
    return float(numbers[-1].replace(",", "").replace("\u2212", "-"))

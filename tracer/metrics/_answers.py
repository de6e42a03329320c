"""Short answers as reading-comprehension benchmarks grade them, English and Korean."""

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence

from tracer.metrics._match import best, plain
from tracer.metrics._missing import missing_without_answer

ARTICLES = re.compile(r"\b(?:a|an|the)\b")
WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)
KOREAN_MARKS = str.maketrans(dict.fromkeys("'\"《》<>〈〉()‘’", " "))


@missing_without_answer
def squad_exact_match(output: str, expected: str | Iterable[str]) -> bool:
    """Return whether output equals an answer by SQuAD's rules.

    Case, punctuation, the articles a, an, the, and extra space do not count
    (Rajpurkar et al. 2016; the evaluation script of SQuAD 2.0).
    """
    return best(lambda a, b: _squad_tokens(a) == _squad_tokens(b), output, expected)


@missing_without_answer
def squad_f1(output: str, expected: str | Iterable[str]) -> float:
    """Return SQuAD's F1 over words, 0 to 1; the best over the answers."""
    return best(lambda a, b: _f1(_squad_tokens(a), _squad_tokens(b)), output, expected)


@missing_without_answer
def korquad_exact_match(output: str, expected: str | Iterable[str]) -> bool:
    """Return whether output equals an answer by KorQuAD's rules.

    Case, punctuation, brackets and Korean quotation marks, and extra space do not
    count (Lim et al. 2019; the evaluation script of KorQuAD 1.0).
    """
    return best(lambda a, b: _korquad_words(a) == _korquad_words(b), output, expected)


@missing_without_answer
def korquad_f1(output: str, expected: str | Iterable[str]) -> float:
    """Return KorQuAD's F1 over characters without spaces; the best over answers.

    Characters rather than words, because particles hang on Korean words.
    """
    return best(
        lambda a, b: _f1("".join(_korquad_words(a)), "".join(_korquad_words(b))),
        output,
        expected,
    )


def _squad_tokens(text: str) -> list[str]:
    text = plain(text).lower().translate(WITHOUT_PUNCTUATION)
    return ARTICLES.sub(" ", text).split()


def _korquad_words(text: str) -> list[str]:
    text = plain(text).translate(KOREAN_MARKS).lower()
    return text.translate(WITHOUT_PUNCTUATION).split()


def _f1(output: Sequence[str], expected: Sequence[str]) -> float:
    """Return F1 of two bags; an empty one matches only an empty one."""
    if not output or not expected:
        return float(len(output) == len(expected))
    shared = sum((Counter(output) & Counter(expected)).values())
    return 2 * shared / (len(output) + len(expected))

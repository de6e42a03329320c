"""How much of the expected wording the output shares: BLEU, chrF, ROUGE."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from tracer._extras import require
from tracer.metrics._match import best, plain, references
from tracer.metrics._missing import missing_without_answer

Tokenizer = Callable[[str], Sequence[str]]

WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case; letters of every script count."""
    return WORD.findall(plain(text).lower())


@missing_without_answer
def bleu(output: str, expected: str | Iterable[str], *, tokenize: str = "13a") -> float:
    """Return sentence BLEU, 0 to 1, by sacrebleu (effective order, exp smoothing).

    Args:
        output: Text to judge.
        expected: The reference, or several, which are taken together.
        tokenize: sacrebleu's tokenizer. For Korean take ``char``, or ``ko-mecab``
            where MeCab is installed: words with particles rarely match as a whole.
    """
    scorer = _sacrebleu("BLEU", tokenize=tokenize, effective_order=True)
    score = scorer.sentence_score(plain(output), [*map(plain, references(expected))])
    return float(score.score) / 100


@missing_without_answer
def chrf(output: str, expected: str | Iterable[str], *, word_order: int = 0) -> float:
    """Return sentence chrF, 0 to 1, by sacrebleu; `word_order` 2 makes it chrF++."""
    scorer = _sacrebleu("CHRF", word_order=word_order)
    score = scorer.sentence_score(plain(output), [*map(plain, references(expected))])
    return float(score.score) / 100


@lru_cache(maxsize=16)
def _sacrebleu(metric: str, **options: Any) -> Any:
    metrics = require("sacrebleu.metrics", extra="evals", purpose=metric)
    return getattr(metrics, metric)(**options)


@missing_without_answer
def rouge_1(
    output: str, expected: str | Iterable[str], *, tokenizer: Tokenizer = words
) -> float:
    """Return ROUGE-1: F1 over words, the best over the references."""
    return best(lambda a, b: _rouge_n(a, b, 1, tokenizer), output, expected)


@missing_without_answer
def rouge_2(
    output: str, expected: str | Iterable[str], *, tokenizer: Tokenizer = words
) -> float:
    """Return ROUGE-2: F1 over pairs of neighbouring words, best over references."""
    return best(lambda a, b: _rouge_n(a, b, 2, tokenizer), output, expected)


@missing_without_answer
def rouge_l(
    output: str, expected: str | Iterable[str], *, tokenizer: Tokenizer = words
) -> float:
    """Return ROUGE-L: F1 over the longest common subsequence, best over references."""

    def measure(output: str, reference: str) -> float:
        left, right = tokenizer(output), tokenizer(reference)
        distance = require("rapidfuzz.distance", extra="evals", purpose="ROUGE-L")
        shared = distance.LCSseq.similarity(left, right)
        return _f1(shared, len(left), len(right))

    return best(measure, output, expected)


def _rouge_n(output: str, reference: str, n: int, tokenizer: Tokenizer) -> float:
    left, right = _ngrams(tokenizer(output), n), _ngrams(tokenizer(reference), n)
    return _f1((left & right).total(), left.total(), right.total())


def _ngrams(tokens: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(tokens[start:] for start in range(n)), strict=False))


def _f1(shared: int, n_output: int, n_reference: int) -> float:
    return 2 * shared / (n_output + n_reference) if shared else 0.0

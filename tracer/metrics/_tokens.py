"""Meaning token by token: BERTScore (Zhang et al. 2020)."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from tracer._extras import require
from tracer.errors import ConfigurationError
from tracer.metrics._match import plain, references
from tracer.metrics._missing import missing_without_answer

TokenVectors = Sequence[Sequence[float]]
"""A vector for each token of a text, in its order."""


class TokenMatch(NamedTuple):
    """How the tokens of two texts match, each -1 to 1."""

    precision: float
    """Over tokens of the output: the mean of the highest cosine in the reference."""

    recall: float
    """Over tokens of the reference: the mean of the highest cosine in the output."""

    f1: float
    """Harmonic mean of the two."""


def greedy_match(
    similarity: Sequence[Sequence[float]],
    *,
    output_weights: Sequence[float] | None = None,
    expected_weights: Sequence[float] | None = None,
) -> TokenMatch:
    """Match every token with its nearest one in the other text.

    Args:
        similarity: Cosines; a row for each token of the output, a column for each of
            the reference.
        output_weights: Weight of each token of the output, such as its inverse
            document frequency; all the same if not given.
        expected_weights: The same of the reference.

    Raises:
        ValueError: One of the texts has no token.
    """
    numpy = require("numpy", extra="evals", purpose="BERTScore")
    cosines = numpy.asarray(similarity, dtype=float)
    if cosines.ndim != 2 or not cosines.size:
        raise ValueError("a text without tokens cannot be matched; leave it out")
    precision = float(numpy.average(cosines.max(axis=1), weights=output_weights))
    recall = float(numpy.average(cosines.max(axis=0), weights=expected_weights))
    total = precision + recall
    return TokenMatch(precision, recall, 2 * precision * recall / total if total else 0)


class BertScore:
    """Scores the F1 of BERTScore, -1 to 1, near 1 for the same meaning.

    Compare only scores of one model; without a baseline subtracted, those of unlike
    texts lie high (often above 0.7).

    Args:
        embed: A function from a text to a vector for each of its tokens, those that
            only mark its ends left out. None takes the library `bert-score` (the extra
            ``bertscore``, which brings PyTorch).
        model: One of the models that the library knows; else the one that it takes for
            `lang`: of ``"ko"`` multilingual BERT.
        lang: Language, as a code of two letters.
        name: Name of the score.

    Raises:
        ConfigurationError: None of `embed`, `model` and `lang` is given.
    """

    def __init__(
        self,
        embed: Callable[[str], TokenVectors] | None = None,
        *,
        model: str | None = None,
        lang: str | None = None,
        name: str = "bert_score",
    ) -> None:
        if embed is None and model is None and lang is None:
            raise ConfigurationError(
                "bert_score needs a model: give lang='ko' (or another language), "
                "model=, or a function from a text to its tokens' vectors"
            )
        self.name = name
        self.author = f"{name}@{model or lang}" if model or lang else name
        self._embed = embed
        self._model = model
        self._lang = lang

    @missing_without_answer
    def score(self, output: str, expected: str | Iterable[str]) -> float:
        """Return F1, the highest over the references."""
        return max(self.match(output, one).f1 for one in references(expected))

    def match(self, output: str, expected: str) -> TokenMatch:
        """Return precision, recall and F1; an empty text matches an empty one alone."""
        output, expected = plain(output), plain(expected)
        if not output or not expected:
            same = float(output == expected)
            return TokenMatch(same, same, same)
        if self._embed is None:
            found = self._library.score([output], [expected])
            return TokenMatch(*(float(figure[0]) for figure in found))
        left, right = _units(self._embed(output)), _units(self._embed(expected))
        return greedy_match(left @ right.T)

    @cached_property
    def _library(self) -> Any:
        library = require("bert_score", extra="bertscore", purpose="BERTScore")
        return library.BERTScorer(model_type=self._model, lang=self._lang)


def _units(vectors: TokenVectors) -> Any:
    numpy = require("numpy", extra="evals", purpose="BERTScore")
    array = numpy.asarray(vectors, dtype=float)
    lengths = numpy.linalg.norm(array, axis=1, keepdims=True)
    return array / numpy.where(lengths == 0, 1, lengths)

"""Metrics that were there first, against the libraries that people know."""

import math
import random
import unicodedata

import jiwer
import pytest
import sklearn.metrics as sklearn
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from tracer import metrics

WORDS = "서울은 서울이 한국의 수도이다 수도다 the cat sat on mat".split()
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)


@settings(max_examples=30, deadline=None)
@given(sentences, sentences)
def test_error_rates_are_jiwers(output: str, expected: str) -> None:
    assert metrics.wer(output, expected) == pytest.approx(jiwer.wer(expected, output))
    theirs = jiwer.cer(expected, output)
    assert metrics.cer(output, expected) == pytest.approx(theirs)
    assert metrics.character_accuracy(output, expected) == pytest.approx(
        max(0, 1 - theirs)
    )


class Words:
    """Our words, for a library whose own tokenizer drops Korean."""

    def tokenize(self, text: str) -> list[str]:
        return text.lower().split()


@settings(max_examples=30, deadline=None)
@given(sentences, sentences)
def test_rouge_is_googles_given_our_words(output: str, expected: str) -> None:
    names = ["rouge1", "rouge2", "rougeL"]
    theirs = RougeScorer(names, tokenizer=Words()).score(expected, output)
    ours = (metrics.rouge_1, metrics.rouge_2, metrics.rouge_l)
    for name, metric in zip(names, ours, strict=True):
        found = metric(output, expected)
        assert found == pytest.approx(theirs[name].fmeasure)


def test_rouge_keeps_the_korean_that_googles_tokenizer_drops() -> None:
    theirs = RougeScorer(["rouge1"]).score("환불은 삼일", "환불은 삼일")
    assert theirs["rouge1"].fmeasure == 0
    assert metrics.rouge_1("환불은 삼일", "환불은 삼일") == 1


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(8)), st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_retrieval_figures_are_scikit_learns(
    order: list[int], grades: list[int]
) -> None:
    assume(any(grades))
    relevant = dict(enumerate(grades))
    ranks = [8 - order.index(id) for id in range(8)]
    for k in (1, 3, 8):
        ndcg = sklearn.ndcg_score([grades], [ranks], k=k)
        assert metrics.ndcg_at_k(order, relevant, k) == pytest.approx(ndcg)
        yes = [grade > 0 for grade in grades]
        retrieved = [id in order[:k] for id in range(8)]
        precision = sklearn.precision_score(yes, retrieved)
        assert metrics.precision_at_k(order, relevant, k) == pytest.approx(precision)
        recall = sklearn.recall_score(yes, retrieved)
        assert metrics.recall_at_k(order, relevant, k) == pytest.approx(recall)
        assert metrics.hit_rate_at_k(order, relevant, k) is (recall > 0)


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(8)), st.integers(0, 7))
def test_reciprocal_rank_of_one_relevant_is_scikit_learns_ranking_precision(
    order: list[int], relevant: int
) -> None:
    ranks = [8 - order.index(id) for id in range(8)]
    theirs = sklearn.label_ranking_average_precision_score(
        [[int(id == relevant) for id in range(8)]], [ranks]
    )
    assert metrics.reciprocal_rank(order, {relevant}) == pytest.approx(theirs)


@settings(max_examples=30, deadline=None)
@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(0, 1),
    st.floats(0, 10),
)
def test_tolerance_of_numbers_is_pythons(
    left: float, right: float, relative: float, absolute: float
) -> None:
    found = metrics.numeric_match(left, right, relative=relative, absolute=absolute)
    assert found is math.isclose(left, right, rel_tol=relative, abs_tol=absolute)


@settings(max_examples=30, deadline=None)
@given(st.integers(-(10**9), 10**9))
def test_number_is_found_behind_words_with_or_without_commas(number: int) -> None:
    assert metrics.numeric_match(f"모두 {number:,}원입니다", number)
    assert metrics.numeric_match(f"답: {number}", number)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("about 1,234", 1234),
        ("12,34", 34),
        ("2024-03-30", 30),
        ("3-4", 4),
        ("기온은 -5도", -5),
        ("= -1.5e-3", -0.0015),
        ("pi is 3.14.", 3.14),
    ],
)
def test_number_is_read_as_people_write_it(text: str, number: float) -> None:
    assert metrics.numeric_match(text, number)


def squad(output: str, expected: str) -> float:
    """F1 by the steps of SQuAD 2.0's script, spelt out."""
    left, right = output.split(), expected.split()
    common = sum(min(left.count(word), right.count(word)) for word in set(left))
    if not common:
        return 0.0
    precision, recall = common / len(left), common / len(right)
    return 2 * precision * recall / (precision + recall)


def test_f1_of_answers_follows_the_scripts_of_squad_and_korquad() -> None:
    random.seed(3)
    for _ in range(50):
        output = " ".join(random.choices("서울 부산 수도 고양이 cat".split(), k=4))
        expected = " ".join(random.choices("서울 부산 수도 고양이 cat".split(), k=3))
        assert metrics.squad_f1(output, expected) == pytest.approx(
            squad(output, expected)
        )
        by_character = (" ".join(text.replace(" ", "")) for text in (output, expected))
        assert metrics.korquad_f1(output, expected) == pytest.approx(
            squad(*by_character)
        )


@pytest.mark.parametrize(
    "metric",
    [
        metrics.squad_f1,
        metrics.korquad_f1,
        metrics.character_accuracy,
        metrics.chrf,
        metrics.rouge_l,
    ],
)
def test_jamo_typed_apart_are_the_same_text_to_every_text_metric(
    metric: object,
) -> None:
    assert callable(metric)
    text = "환불은 사흘 걸립니다"
    assert metric(unicodedata.normalize("NFD", text), text) == pytest.approx(1)


def test_particle_costs_a_whole_word_or_its_character_alone() -> None:
    output, expected = "서울은 수도", "서울이 수도"
    assert metrics.squad_f1(output, expected) == pytest.approx(1 / 2)
    assert metrics.wer(output, expected) == pytest.approx(1 / 2)
    assert metrics.korquad_f1(output, expected) == pytest.approx(4 / 5)
    assert metrics.cer(output, expected) == pytest.approx(1 / 6)

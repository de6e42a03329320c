import sys
import unicodedata
from typing import Any

import pytest
import sacrebleu

from tracer import metrics
from tracer.errors import MissingExtraError


def test_composed_and_decomposed_korean_are_the_same_text() -> None:
    decomposed = unicodedata.normalize("NFD", "서울특별시")
    assert metrics.exact_match(decomposed, "서울특별시")
    assert metrics.contains(f"답은 {decomposed}입니다", "서울특별시")
    assert metrics.cer(decomposed, "서울특별시") == 0.0


def test_exact_match_of_values_that_are_not_text_is_their_equality() -> None:
    assert metrics.exact_match({"a": [1]}, {"a": [1]})
    assert not metrics.exact_match("1", 1)


def test_exact_match_minds_case_unless_told() -> None:
    assert not metrics.exact_match("Seoul", "seoul")
    assert metrics.exact_match(" Seoul\n", "seoul", ignore_case=True)


def test_contains_takes_any_of_several_answers() -> None:
    assert metrics.contains("It is in SEOUL.", ["Busan", "Seoul"])
    assert not metrics.contains("It is in Daegu.", ["Busan", "Seoul"])


def test_no_answer_to_compare_with_is_an_error_and_not_a_zero() -> None:
    with pytest.raises(ValueError, match="expected is empty"):
        metrics.contains("text", [])


@pytest.mark.parametrize("metric", [metrics.contains, metrics.cer, metrics.korquad_f1])
def test_value_that_is_no_text_is_an_error_that_says_so(metric: Any) -> None:
    with pytest.raises(TypeError, match="compares texts, and this is a int"):
        metric(7, "7")
    with pytest.raises(TypeError, match="compares texts, and this is a int"):
        metric("7", 7)
    with pytest.raises(TypeError, match="this is a list; give str"):
        metric(["a"], "a")


@pytest.mark.parametrize(
    "metric", [metrics.korquad_f1, metrics.bleu, metrics.numeric_match]
)
def test_output_with_several_parts_is_an_error_that_names_them(metric: Any) -> None:
    found = {"answer": "7일", "context": ["…"]}
    says = r"a dict with 'answer', 'context'; give one of them, output\['answer'\], .*="
    with pytest.raises(TypeError, match=says + r"{'output': 'output.answer'}"):
        metric(found, "7일")


def test_expected_with_several_parts_is_an_error_that_names_them() -> None:
    says = r"give one of them, expected\['text'\], .*={'expected': 'expected.text'}"
    for expected in ({"text": "7일"}, ["7일", {"text": "7일"}]):
        with pytest.raises(TypeError, match=says):
            metrics.cer("7일", expected)  # type: ignore[arg-type]


def test_regex_is_found_anywhere() -> None:
    assert metrics.regex_match("주문번호: A-1024 입니다", r"A-\d{4}")
    assert not metrics.regex_match("주문번호 없음", r"A-\d{4}")


@pytest.mark.parametrize(
    ("output", "expected", "same"),
    [
        ("The answer is 1,234.5", 1234.5, True),
        ("3 + 4 = 7", "7", True),
        ("-.5", -0.5, True),
        ("1e3", 1000, True),
        ("no number", 0, False),
        (10.0, 10.1, False),
    ],
)
def test_numeric_match_reads_the_last_number(
    output: object, expected: object, same: bool
) -> None:
    assert metrics.numeric_match(output, expected) is same


def test_numeric_match_reads_the_minus_of_print() -> None:
    assert metrics.numeric_match("영하 \u22125도", -5)
    assert not metrics.numeric_match("3\u22125", -5)


def test_numeric_match_allows_a_tolerance() -> None:
    assert metrics.numeric_match(10.0, 10.1, relative=0.02)
    assert metrics.numeric_match("0.0004", 0, absolute=0.001)


def test_squad_rules_ignore_case_articles_and_punctuation() -> None:
    assert metrics.squad_exact_match("The Eiffel Tower.", "eiffel tower")
    assert metrics.squad_exact_match("in 1889", ["1889", "in  1889!"])
    # by hand: 2 shared of 3 and 2 words
    assert metrics.squad_f1("the big Eiffel tower", "Eiffel Tower") == pytest.approx(
        0.8
    )
    assert metrics.squad_f1("", "") == 1.0
    assert metrics.squad_f1("something", "") == 0.0


def test_korquad_rules_ignore_korean_marks_and_grade_by_character() -> None:
    assert metrics.korquad_exact_match("《훈민정음》", "훈민정음")
    assert metrics.korquad_exact_match("‘세종’  대왕", "세종 대왕")
    # by hand: 세종대왕이 (5) and 세종대왕 (4) share 4 characters
    assert metrics.korquad_f1("세종대왕이", "세종 대왕") == pytest.approx(8 / 9)
    assert metrics.korquad_f1("이순신", ["세종", "이순신 장군"]) == pytest.approx(6 / 8)


def test_error_rates_count_edits_over_the_reference() -> None:
    assert metrics.cer("kitten", "sitting") == pytest.approx(3 / 7)
    assert metrics.wer("the cat sat", "the cat sat down") == 0.25
    assert metrics.wer("a b c d", "a") == 3.0
    assert metrics.character_accuracy("wholly other", "x") == 0.0


def test_error_rate_of_korean_may_leave_spacing_aside() -> None:
    assert metrics.cer("아버지가방에", "아버지가 방에") == pytest.approx(1 / 7)
    assert metrics.cer("아버지가방에", "아버지가 방에", spaces=False) == 0.0


def test_error_rate_without_a_reference_is_all_or_nothing() -> None:
    assert metrics.cer("", "") == 0.0
    assert metrics.cer("text", "") == metrics.wer("text", "") == 1.0


def test_error_rate_takes_the_nearest_reference() -> None:
    assert metrics.cer("고양이", ["강아지", "고양이"]) == 0.0


def test_bleu_and_chrf_are_sacrebleus() -> None:
    output, expected = "the cat is on the mat", "there is a cat on the mat"
    theirs = sacrebleu.sentence_bleu(output, [expected]).score
    assert metrics.bleu(output, expected) == pytest.approx(theirs / 100)
    theirs = sacrebleu.sentence_chrf(output, [expected]).score
    assert metrics.chrf(output, expected) == pytest.approx(theirs / 100)
    theirs = sacrebleu.sentence_chrf(output, [expected], word_order=2).score
    assert metrics.chrf(output, expected, word_order=2) == pytest.approx(theirs / 100)


def test_bleu_by_character_sees_korean_words_with_other_particles() -> None:
    output, expected = "서울은 한국의 수도이다", "서울이 한국의 수도다"
    by_character = metrics.bleu(output, expected, tokenize="char")
    assert by_character > metrics.bleu(output, expected)


def test_rouge_gives_the_published_example() -> None:
    # README of google-research/rouge: F1 of rouge1 and rougeL
    expected = "The quick brown fox jumps over the lazy dog"
    output = "The quick brown dog jumps on the log."
    assert metrics.rouge_1(output, expected) == pytest.approx(0.7058823, abs=1e-6)
    assert metrics.rouge_l(output, expected) == pytest.approx(0.5882352, abs=1e-6)
    assert metrics.rouge_2("a b c", "a b d") == pytest.approx(0.5)


def test_rouge_scores_korean_on_its_words() -> None:
    assert metrics.rouge_1("환불은 삼일 걸립니다", "환불은 삼일 걸립니다") == 1.0
    assert metrics.rouge_1("환불은 삼일", "배송은 이틀") == 0.0
    by_character = metrics.rouge_1("환불이", "환불은", tokenizer=list)
    assert by_character == pytest.approx(2 / 3)


def test_metric_without_its_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'tracer-evals\[evals\]'"):
        metrics.cer("a", "b")

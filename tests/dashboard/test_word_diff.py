"""Two texts are compared word by word, and in time."""

import random
from itertools import pairwise

import pytest

from dashboard.shaping import word_diff
from dashboard.shaping.word_diff import compared


def test_a_word_that_changed_is_all_that_is_marked() -> None:
    assert compared("환불은 3일 안에 됩니다.", "환불은 7일 안에 됩니다.") == [
        ("same", "환불은 "),
        ("del", "3일"),
        ("ins", "7일"),
        ("same", " 안에 됩니다."),
    ]


def test_chinese_is_compared_sign_by_sign() -> None:
    assert compared("我喜欢红色", "我喜欢蓝色") == [
        ("same", "我喜欢"),
        ("del", "红"),
        ("ins", "蓝"),
        ("same", "色"),
    ]


def test_words_changed_in_a_row_read_as_one_change() -> None:
    assert compared("one two three", "one 2 3") == [
        ("same", "one "),
        ("del", "two three"),
        ("ins", "2 3"),
    ]


def test_texts_that_have_next_to_nothing_in_common_are_shown_as_wholes() -> None:
    left = "The parcel is on its way and arrives the day after tomorrow."
    right = "환불은 7일 안에 됩니다. Is there anything else?"

    assert compared(left, right) == [("del", left), ("ins", right)]


@pytest.mark.parametrize("seed", range(200))
def test_the_pieces_make_both_texts_again(seed: int) -> None:
    draw = random.Random(seed)
    left, right = (
        "".join(draw.choices("ab가 \n", k=draw.randrange(40))) for _ in range(2)
    )
    pieces = compared(left, right)

    assert "".join(text for kind, text in pieces if kind != "ins") == left
    assert "".join(text for kind, text in pieces if kind != "del") == right
    assert all(text for _, text in pieces)
    changed = [kind for kind, _ in pieces]
    assert all((a, b) != ("ins", "del") for a, b in pairwise(changed))


def test_long_texts_are_compared_from_the_start_and_it_is_said() -> None:
    long = "word " * 50_000
    shown = word_diff.words(long, long + "end", names=("a", "b"))

    assert shown["cut"] == word_diff.MOST_CHARACTERS
    assert shown["pieces"] == [["same", long[: word_diff.MOST_CHARACTERS]]]


def test_a_stretch_of_too_many_words_is_shown_as_a_whole() -> None:
    draw = random.Random(1)
    left, right = (" ".join(draw.choices("abcdefgh", k=5_000)) for _ in range(2))

    assert compared(left, right) == [("del", left), ("ins", right)]

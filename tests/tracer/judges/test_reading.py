"""Replies are read whatever they are wrapped in, and never guessed at."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracer.judges._reading import UnfitReplyError, fitted, read_reply
from tracer.judges._schemas import array, choice, flag, level, number, record, text

GRADE = record({"explanation": text("why"), "score": level([1, 2, 3, 4, 5], "level")})
LIST = record(
    {
        "verdicts": array(
            record(
                {
                    "number": number("n"),
                    "yes": flag("y"),
                    "label": choice(["a", "B"], ""),
                }
            )
        )
    }
)
GOOD = '{"explanation": "왜냐하면", "score": 4}'
PROSE = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]))


@given(st.text(), st.sampled_from([1, 2, 3, 4, 5]), PROSE, PROSE, st.booleans())
def test_a_judgement_is_found_in_any_words_around_it(
    why: str, score: int, before: str, after: str, ascii_only: bool
) -> None:
    said = {"explanation": why, "score": score}
    whole = json.dumps(said, ensure_ascii=ascii_only)
    before = before.replace("</think>", "")
    assert read_reply(f"{before}{whole}{after.replace('</think>', '')}", GRADE) == said


@pytest.mark.parametrize(
    "reply",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"Here it is:\n{GOOD}\n\nI hope this helps {{:",
        f'<think>maybe {{"explanation": "", "score": 1}}?</think>\n{GOOD}',
        f"{GOOD}\n{GOOD}",
        '{"explanation": "왜냐하면", "score": "4", "confidence": 0.9}',
        '{"explanation": "왜냐하면", "score": 4.0}',
        f"the set {{a, b}} and then {GOOD}",
    ],
)
def test_what_models_put_around_a_judgement_is_left_out(reply: str) -> None:
    assert read_reply(reply, GRADE) == {"explanation": "왜냐하면", "score": 4}


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("", "no JSON object"),
        ("4", "no JSON object"),
        ("I would give it 4 out of 5.", "no JSON object"),
        ('{"explanation": "x", "score": 4', "no JSON object"),
        ('{"explanation": "x", "score": 6}', "the reply.score is 6, not one of 1, 2"),
        ('{"explanation": "x", "score": 0}', "score is 0"),
        ('{"explanation": "x", "score": 4.5}', "score is 4.5, not a whole number"),
        ('{"explanation": "x", "score": "4/5"}', "score is '4/5'"),
        ('{"explanation": "x", "score": true}', "score is True"),
        ('{"explanation": "x", "score": null}', "score is None"),
        ('{"explanation": 3, "score": 4}', "explanation is 3, not a text"),
        ('{"score": 4}', "lacks 'explanation'"),
        ('{"explanation": "x", "score": 1, "score": 5}', "no JSON object"),
        ('{"a": {"explanation": "x", "score": 5}}', "lacks"),
        ('{"a": {"explanation": "x", "score": 5}, oops}', "no JSON object"),
        ('{"draft": {"explanation": "x", "score": 5}', "no JSON object"),
        ('{"explanation": "x", "score": NaN}', "no JSON object"),
        (GOOD + '{"explanation": "x", "score": 1}', "say different things"),
    ],
)
def test_what_is_no_judgement_is_refused_with_the_reason(
    reply: str, problem: str
) -> None:
    with pytest.raises(UnfitReplyError) as unfit:
        read_reply(reply, GRADE)
    assert problem in str(unfit.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=9,
    )
)
def test_any_json_at_all_is_read_or_refused(value: Any) -> None:
    try:
        found = read_reply(json.dumps(value), GRADE)
    except UnfitReplyError:
        return
    assert set(found) == {"explanation", "score"}


@given(st.text())
def test_any_text_at_all_is_read_or_refused(reply: str) -> None:
    for schema in (GRADE, LIST):
        try:
            read_reply(reply, schema)
        except UnfitReplyError:
            continue


def test_lists_flags_and_choices_are_read_as_they_are_meant() -> None:
    said = [{"number": "1", "yes": "TRUE", "label": " b "}]
    found = fitted({"verdicts": said}, LIST)
    assert found == {"verdicts": [{"number": 1, "yes": True, "label": "B"}]}
    for bad in (
        {"verdicts": {}},
        {"verdicts": [3]},
        {"verdicts": [said[0] | {"yes": 1}]},
    ):
        with pytest.raises(UnfitReplyError, match="verdicts"):
            fitted(bad, LIST)


def test_deep_nesting_is_refused_and_not_an_end_of_the_stack() -> None:
    with pytest.raises(UnfitReplyError):
        read_reply('{"a":' * 100_000, GRADE)


def test_half_a_character_in_a_judgement_is_replaced() -> None:
    said = read_reply('{"explanation": "왜 \\ud83d", "score": 4}', GRADE)
    assert said["explanation"] == "왜 \ufffd"

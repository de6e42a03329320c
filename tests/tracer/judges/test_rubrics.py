"""Criteria are data: read from files, refused with a reason, ready in two languages."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import Wire

from tracer.errors import ConfigurationError
from tracer.judges import READY, GradedExample, Rubric, RubricJudge
from tracer.judges._rubric import LANGUAGES, PARTS

TOML = """
name = "friendly"
criteria = "말투가 친절한가?"
language = "ko"
needs = ["question", "output"]
version = "2"

[levels]
1 = "불친절하다"
3 = "보통이다"
5 = "친절하다"

[[examples]]
output = "안녕하세요!"
level = 5
why = "인사한다"
"""

TEXTS = st.text(min_size=1).filter(str.strip)
LEVELS = st.dictionaries(st.integers(-3, 9), TEXTS, min_size=2, max_size=6)


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    levels = draw(LEVELS)
    examples = st.builds(
        GradedExample, st.text(), st.sampled_from(sorted(levels)), st.text()
    )
    return Rubric(
        draw(TEXTS),
        draw(TEXTS),
        levels,
        draw(st.sampled_from(LANGUAGES)),
        tuple(draw(st.lists(examples, max_size=3))),
        tuple(draw(st.sets(st.sampled_from(PARTS), min_size=1))),
        draw(st.text()),
    )


@given(rubrics())
def test_any_rubric_comes_back_from_json(rubric: Rubric) -> None:
    assert Rubric.from_dict(json.loads(json.dumps(rubric.to_dict()))) == rubric


def test_a_rubric_is_read_from_toml_and_from_json(tmp_path: Path) -> None:
    toml, plain = tmp_path / "a.toml", tmp_path / "b.json"
    toml.write_text(TOML, "utf-8")
    rubric = Rubric.load(toml)
    plain.write_text(json.dumps(rubric.to_dict()), "utf-8")
    assert Rubric.load(plain) == rubric
    assert (rubric.name, list(rubric.levels)) == ("friendly", [1, 3, 5])
    assert rubric.examples == (GradedExample("안녕하세요!", 5, "인사한다"),)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": " "}, "name is ' '"),
        ({"criteria": ""}, "criteria is ''"),
        ({"language": "fr"}, "language 'fr'"),
        ({"needs": ["answer"]}, "needs ['answer']"),
        ({"levels": {"1": "bad"}}, "1 level"),
        ({"levels": {"one": "bad", "2": "good"}}, "level 'one'"),
        ({"levels": ["bad", "good"]}, "are a list"),
        ({"scale": 5}, "has no ['scale']"),
        ({"examples": [{"output": "x", "level": 9}]}, "has level 9"),
        ({"examples": [{"text": "x"}]}, "cannot be read"),
    ],
)
def test_what_nobody_can_grade_by_is_refused(change: dict[str, Any], said: str) -> None:
    fit = {"name": "n", "criteria": "c", "levels": {"1": "bad", "2": "good"}}
    with pytest.raises(ConfigurationError) as refused:
        Rubric.from_dict(fit | change)
    assert said in str(refused.value)


def test_a_rubric_that_lacks_fields_names_them() -> None:
    with pytest.raises(ConfigurationError, match=r"lacks \['criteria', 'levels'\]"):
        Rubric.from_dict({"name": "n"})


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", "", "neither"),
        ("a.toml", "= 3", "cannot be read"),
        ("a.json", "[]", "no table"),
    ],
)
def test_a_file_that_holds_no_rubric_is_refused(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigurationError, match=said):
        Rubric.load(tmp_path / name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", READY)
def test_every_ready_rubric_grades_from_1_to_5(name: str, language: str) -> None:
    rubric = Rubric.ready(name, language)
    assert list(rubric.levels) == [1, 2, 3, 4, 5]
    assert rubric.language == language
    assert set(rubric.needs) <= set(PARTS)


def test_a_rubric_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ConfigurationError, match="answer_correctness, "):
        Rubric.ready("charm")


def test_the_judge_is_told_criteria_levels_and_examples(wire: Wire) -> None:
    rubric = Rubric(
        "friendly",
        "말투가 친절한가?",
        {1: "불친절하다", 5: "친절하다"},
        "ko",
        (GradedExample("안녕하세요!", 5, "인사한다"), GradedExample("왜요", 1)),
    )
    RubricJudge(wire.model(), rubric).judge("네.")
    told = wire.bodies[0]["messages"][0]["content"]
    for text in ("말투가 친절한가?", "- 1: 불친절하다", "안녕하세요! (이유: 인사한다)"):
        assert text in told
    assert "- 1점: 왜요\n" in told


@pytest.mark.parametrize("name", READY)
def test_every_ready_rubric_can_be_judged_by(wire: Wire, name: str) -> None:
    judge = RubricJudge(wire.model(), Rubric.ready(name, "ko"))
    row = {"question": "수도는?", "context": ["서울이 수도다."], "reference": "서울"}
    scored = judge.judge("서울", **row)
    assert scored.value in range(1, 6)
    assert scored.explanation

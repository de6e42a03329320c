"""A judge as plain data makes the judge; what has no place in it is refused."""

import json
from typing import Any

import pytest
from judging import Wire

from tracer.errors import ConfigurationError
from tracer.judges import Price, Rubric, judge_of
from tracer.judges.definition import KINDS, check_definition, model_settings

MORE: dict[str, dict[str, Any]] = {
    "rubric": {"rubric": "style"},
    "rubrics": {"rubrics": ["style", "toxicity"], "name": "both"},
    "checklist": {"questions": {"short": "Is it short?"}},
    "labels": {"labels": {"a": "first", "b": "second"}, "name": "topic"},
    "pairwise": {"rubric": "factuality", "baseline": "other"},
}
ROW = {
    "question": "수도는?",
    "context": ["서울이 수도다."],
    "reference": "서울",
    "other": "부산",
}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_made_of_json_and_judges(
    wire: Wire, kind: str, language: str
) -> None:
    definition = {"kind": kind, "model": "m", "language": language, "repeats": 2}
    told = json.loads(json.dumps(definition | MORE.get(kind, {})))
    judge = judge_of(told, wire.model())
    assert (judge.language, judge.repeats) == (language, 2)
    assert judge.judge("서울", **ROW) is not None


def test_a_rubric_may_be_given_whole(wire: Wire) -> None:
    rubric = Rubric("tone", "친절한가?", {1: "아니다", 2: "그렇다"}, "ko")
    definition = {"kind": "rubric", "model": "m", "rubric": rubric.to_dict()}
    judge = judge_of(definition, wire.model())
    assert (judge.name, judge.language) == ("tone", "ko")


def test_the_models_limits_are_settings_of_the_judge_model() -> None:
    model = {
        "model": "m",
        "temperature": None,
        "requests_per_minute": 60,
        "spending_limit_usd": 2.0,
        "price": {"input_usd_per_mtok": 1.0, "output_usd_per_mtok": 2.0},
    }
    settings = model_settings({"model": model})
    assert settings == model | {"price": Price(1.0, 2.0)}


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ({}, "no judges of kind None"),
        ({"kind": "rag"}, "lacks ['model']"),
        ({"kind": "rag", "model": 3}, "model 3 of the judge is no name"),
        ({"kind": "rag", "model": {"temperature": 0}}, "is no name"),
        ({"kind": "rubric", "model": "m"}, "lacks ['rubric']"),
        (
            {"kind": "rubric", "model": "m", "rubric": "charm"},
            "no ready rubric 'charm'",
        ),
        ({"kind": "rubric", "model": "m", "rubric": 3}, "rubric 3 is neither"),
        ({"kind": "rag", "model": "m", "rubric": "style"}, "not know ['rubric']"),
        ({"kind": "rag", "model": {"model": "m", "price": {"usd": 1}}}, "price {'usd'"),
    ],
)
def test_a_definition_that_makes_no_judge_says_why(
    definition: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_definition(definition)
    assert said in str(refused.value)


@pytest.mark.parametrize("key", ["base_url", "api_key", "cache", "client", "options"])
def test_a_definition_names_no_address_key_or_file(key: str) -> None:
    definition = {"kind": "rag", "model": {"model": "m", key: "http://evil.example"}}
    with pytest.raises(
        ConfigurationError, match="Address and key are the worker's own"
    ):
        check_definition(definition)

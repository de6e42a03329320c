import json
import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracer import metrics
from tracer.errors import MissingExtraError

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(codec="utf-8"), max_size=3), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")) | json_values.map(json.dumps))
def test_valid_is_what_pythons_reader_takes_as_json(text: str) -> None:
    def refuse(constant: str) -> None:
        raise ValueError(constant)  # NaN and Infinity are Python's own

    try:
        json.loads(text, parse_constant=refuse)
        valid = True
    except ValueError:
        valid = False
    assert metrics.json_valid(text).value is valid


def test_text_around_json_makes_it_invalid_and_says_where() -> None:
    found = metrics.json_valid('Here you are: {"a": 1}')
    assert found.value is False
    said = str(found.explanation)
    assert said.startswith("it is not JSON: ")
    assert "line 1 column 1" in said
    assert metrics.json_valid({"read": "already"}).value is True


SCHEMA = {
    "type": "object",
    "properties": {"도시": {"type": "string"}, "인구": {"type": "integer"}},
    "required": ["도시"],
}


def test_schema_names_every_fault_with_its_place() -> None:
    assert (
        metrics.json_schema_valid('{"도시": "서울", "인구": 9}', SCHEMA).value is True
    )
    found = metrics.json_schema_valid('{"인구": "많음"}', SCHEMA)
    assert found.value is False
    assert found.explanation == (
        "$: '도시' is a required property\n$.인구: '많음' is not of type 'integer'"
    )


def test_schema_may_be_text_and_of_an_older_draft() -> None:
    # in draft 4 the bound's exclusion is a yes/no of its own; later it is the bound
    old = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "maximum": 5,
        "exclusiveMaximum": True,
    }
    assert metrics.json_schema_valid("4", json.dumps(old)).value is True
    assert metrics.json_schema_valid("5", json.dumps(old)).value is False


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": "strnig"}, r"the schema is wrong at \$.type"),
        ("{", "the schema is a text, but it is not JSON"),
        ({"$ref": "https://example.com/s.json"}, "which is not in it"),
    ],
)
def test_schema_that_is_none_is_an_error_and_nothing_is_fetched(
    schema: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        metrics.json_schema_valid("{}", schema)


def test_schema_without_the_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    with pytest.raises(MissingExtraError, match=r"tracer-evals\[evals\]"):
        metrics.json_schema_valid("{}", {"title": "not seen before"})


def test_diff_is_the_share_of_leaves_that_are_right() -> None:
    expected = {"이름": "김", "items": [{"n": 1}, {"n": 2}], "note": None}
    output = {"이름": "김", "items": [{"n": 1}, {"n": 3}], "extra": []}
    # by hand: 이름 and items[0].n of 이름, items[0].n, items[1].n, note, extra
    found = metrics.json_diff(json.dumps(output), expected)
    assert found.value == pytest.approx(2 / 5)
    assert found.explanation == (
        "$.items[1].n: 3 instead of 2\n"
        "$.note: null is missing\n"
        "$.extra: [] is not expected"
    )


@settings(deadline=None)
@given(json_values, json_values)
def test_diff_is_one_for_equals_alone_and_the_same_both_ways(
    left: Any, right: Any
) -> None:
    there = metrics.json_diff([left], [right])
    back = metrics.json_diff([right], [left])
    assert there.value == pytest.approx(back.value)
    assert metrics.json_diff(json.dumps(left), json.dumps(left)).value == 1
    assert (there.value == 1) is (there.explanation is None)


def test_diff_compares_texts_and_keys_in_composed_form() -> None:
    decomposed = unicodedata.normalize("NFD", '{"도시": "서울"}')
    assert metrics.json_diff(decomposed, {"도시": "서울"}).value == 1


def test_diff_takes_yes_for_no_number_and_whole_for_the_same_number() -> None:
    assert metrics.json_diff("true", "1").value == 0
    assert metrics.json_diff("1.0", "1").value == 1


def test_diff_allows_numbers_a_tolerance() -> None:
    assert metrics.json_diff([10.0, 1], [10.1, 2], relative=0.02).value == 0.5
    assert metrics.json_diff([0.0, 1], [0.001, 2], absolute=0.01).value == 0.5


def test_diff_of_an_output_that_is_no_json_is_zero_and_says_so() -> None:
    found = metrics.json_diff("I cannot", {"a": 1})
    assert (found.value, str(found.explanation)[:14]) == (0.0, "it is not JSON")
    with pytest.raises(ValueError, match="expected is a text, but it is not JSON"):
        metrics.json_diff("{}", "I cannot")


def test_diff_lists_twenty_differences_and_counts_the_rest() -> None:
    found = metrics.json_diff([0] * 25, [1] * 25)
    lines = str(found.explanation).splitlines()
    assert (len(lines), lines[-1]) == (21, "… and 5 more")


def test_values_that_are_deeply_nested_are_compared_too() -> None:
    deep: Any = 1
    for _ in range(5_000):
        deep = [deep]
    assert metrics.json_diff(deep, deep).value == 1


@pytest.mark.parametrize("huge", [2**70, 10**400])
def test_integers_beyond_64_bits_and_beyond_floats_are_compared(huge: int) -> None:
    assert metrics.json_diff({"n": huge}, {"n": huge}).value == 1
    wrong = metrics.json_diff({"n": huge}, {"n": 1})
    assert (wrong.value, wrong.explanation) == (0, f"$.n: {huge} instead of 1")

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracer import metrics
from tracer.metrics import ToolCall

MOVIE = "Mission Impossible Dead Reckoning Part 1"
TICKETS = {
    "movie": MOVIE,
    "theater": "Regal Edwards 14",
    "location": "Mountain View CA",
    "showtime": "7:30",
    "date": "2024-03-30",
    "num_tix": "2",
}


def call(name: str, **arguments: Any) -> str:
    """What Vertex's examples give as response and reference."""
    called = {"name": name, "arguments": arguments}
    return json.dumps({"content": "", "tool_calls": [called]})


RIGHT = call("book_tickets", **TICKETS)


@pytest.mark.parametrize(
    ("output", "expected", "key_match", "kv_match"),
    [
        # the rows of the notebook "evaluate_gemini_tool_use" of Google Cloud
        (RIGHT, RIGHT, 1, 1),
        (
            RIGHT,
            call("book_tickets", **TICKETS | {"movie": "Godzilla", "showtime": "9:30"}),
            1,
            4 / 6,
        ),
        (
            call("book_tickets", movie=MOVIE, theater="Regal Edwards 14"),
            RIGHT,
            2 / 6,
            2 / 6,
        ),
        (
            call(
                "book_tickets", **TICKETS | {"theater": "Cinemark", "showtime": "5:30"}
            ),
            RIGHT,
            1,
            4 / 6,
        ),
    ],
)
def test_parameters_of_the_notebook_are_right_by_the_ratio_of_the_page(
    output: str, expected: str, key_match: float, kv_match: float
) -> None:
    assert metrics.tool_call_valid(output) is True
    assert metrics.tool_name_match(output, expected) is True
    found = metrics.tool_parameter_key_match(output, expected)
    assert found == pytest.approx(key_match)
    found = metrics.tool_parameter_kv_match(output, expected)
    assert found == pytest.approx(kv_match)


LONDON = call("location_to_lat_long", location="London")


@pytest.mark.parametrize(
    ("output", "valid", "name", "key", "kv"),
    [
        # the rows of "Gen AI Evaluation Service: Tool-Use Metrics" (M. Atamel, 2025)
        ('{"content": "", "tool_calls": []}', False, False, 0, 0),
        (call("loc_to_lat_long", location="London"), True, False, 1, 1),
        (call("location_to_lat_long", city="London"), True, True, 0, 0),
        (call("location_to_lat_long", location="Paris"), True, True, 1, 0),
        (LONDON, True, True, 1, 1),
    ],
)
def test_every_metric_fails_on_what_it_is_for(
    output: str, valid: bool, name: bool, key: float, kv: float
) -> None:
    assert metrics.tool_call_valid(output) is valid
    assert metrics.tool_name_match(output, LONDON) is name
    assert metrics.tool_parameter_key_match(output, LONDON) == key
    assert metrics.tool_parameter_kv_match(output, LONDON) == kv


@pytest.mark.parametrize(
    "output",
    [
        "no JSON at all",
        "{}",
        '{"tool_calls": [{"name": "", "arguments": {}}]}',
        '{"tool_calls": [{"name": "search"}]}',
        '{"tool_calls": [{"name": "search", "arguments": "{broken"}]}',
        '{"tool_calls": [{"arguments": {}}]}',
    ],
)
def test_call_without_name_or_object_of_arguments_is_invalid(output: Any) -> None:
    assert metrics.tool_call_valid(output) is False


def test_parameter_that_was_invented_costs_as_much_as_one_that_is_missing() -> None:
    right = call("search", q="날씨")
    assert metrics.tool_parameter_key_match(call("search", q="", k=3), right) == 0.5
    assert metrics.tool_parameter_kv_match(call("search", q="날씨", k=3), right) == 0.5
    assert metrics.tool_parameter_key_match(call("now"), call("now")) == 1


def test_only_the_first_call_is_looked_at() -> None:
    both = {"tool_calls": [{"name": "a", "args": {}}, {"name": "b", "args": {}}]}
    assert metrics.tool_name_match(both, call("a")) is True
    assert metrics.tool_name_match(both, call("b")) is False


def test_no_call_is_right_where_none_was_to_be_made() -> None:
    assert metrics.tool_name_match("그냥 답변", {"tool_calls": []}) is True
    assert metrics.tool_parameter_kv_match("그냥 답변", {"tool_calls": []}) == 1


def test_korean_values_are_compared_in_composed_form() -> None:
    decomposed = unicodedata.normalize("NFD", "서울")
    found = metrics.tool_parameter_kv_match(
        call("weather", 도시=decomposed), call("weather", 도시="서울")
    )
    assert found == 1


@pytest.mark.parametrize(
    "value",
    [
        {"tool_calls": [{"name": "f", "arguments": {"a": 1}}]},
        {"tool_calls": '[{"name": "f", "arguments": {"a": 1}}]'},
        [{"function": {"name": "f", "arguments": '{"a": 1}'}, "type": "function"}],
        [{"tool_name": "f", "tool_input": {"a": 1}}],
        {"type": "tool_use", "id": "1", "name": "f", "input": {"a": 1}},
        [ToolCall("f", {"a": 1})],
        {"predicted_trajectory": [{"tool_name": "f", "tool_input": {"a": 1}}]},
    ],
)
def test_calls_are_read_in_every_form_that_is_about(value: Any) -> None:
    assert metrics.tool_calls(value) == [ToolCall("f", {"a": 1})]
    assert metrics.tool_calls(json.dumps(value, default=vars_of)) == [
        ToolCall("f", {"a": 1})
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("name function arguments tool_calls args x".split()),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


json_answers = json_values.filter(lambda value: value is not None)


@settings(deadline=None)
@given(json_answers, json_answers)
def test_whatever_a_model_answers_is_judged_and_never_an_error(
    output: Any, expected: Any
) -> None:
    for metric in (
        metrics.tool_name_match,
        metrics.tool_parameter_key_match,
        metrics.tool_parameter_kv_match,
        metrics.trajectory_any_order_match,
        metrics.trajectory_precision,
        metrics.trajectory_recall,
    ):
        assert 0 <= metric(output, expected) <= 1
        assert metric(output, output) == 1
    assert metrics.tool_call_valid(output) in (True, False)


def vars_of(call: ToolCall) -> dict[str, Any]:
    return {"name": call.name, "arguments": call.arguments}

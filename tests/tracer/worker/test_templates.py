"""Prompts over columns, in any language, with JSON left alone."""

import pytest

from tracer.errors import ConfigurationError
from tracer.worker.templates import filled, lacking, messages, places, prefilled


def test_names_in_braces_are_columns_and_json_is_not() -> None:
    template = '{질문} → {"answer": {}} {{not_a_column}} {order.id}'
    assert places(template) == ["질문", "order.id"]
    shown = filled(template, {"질문": "환불?", "order": {"id": 7}})
    assert shown == '환불? → {"answer": {}} {not_a_column} 7'


def test_values_that_are_no_text_stand_as_json() -> None:
    assert filled("{docs}", {"docs": ["가", 1]}) == '["가",1]'


def test_a_name_that_is_no_column_is_said() -> None:
    assert lacking("{a} {b.c} {d}", ["a", "b"]) == ["d"]
    with pytest.raises(ConfigurationError, match=r"names \{d\}, and the row has a"):
        filled("{d}", {"a": 1})


def test_one_column_is_asked_as_it_is_several_with_their_names() -> None:
    assert prefilled(["question"]) == "{question}"
    assert prefilled(["질문", "context", "no place"]) == (
        "질문: {질문}\n\ncontext: {context}"
    )


def test_a_conversation_in_a_column_is_sent_as_one() -> None:
    talk = [{"role": "user", "content": "환불?"}]
    assert messages("{messages}", {"messages": talk}) == talk
    assert messages("{a}", {"a": "x"}, system="Be kind to {a}.") == [
        {"role": "system", "content": "Be kind to x."},
        {"role": "user", "content": "x"},
    ]


def test_braces_within_a_value_stay_as_the_row_has_them() -> None:
    columns = {"code": "{{name}} {other}"}
    assert filled("{{code}}: {code}", columns) == "{code}: {{name}} {other}"

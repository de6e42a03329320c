"""From spans to examples, and out to files."""

import csv
import io
import json
from typing import Any

from dashboard.shaping import datasets
from dashboard.shaping.datasets import Mapped


def span(**fields: Any) -> dict[str, Any]:
    return {
        "trace_id": "t",
        "span_id": "s",
        "input": {"question": "환불?"},
        "output": "네",
        "expected": None,
        "messages": None,
        "metadata": {"plan": "pro"},
        **fields,
    }


def row(**fields: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "inputs": {"question": "환불?"},
        "expected": None,
        "output": "네",
        "metadata": {},
        "source": None,
        **fields,
    }


def test_a_span_becomes_an_example_that_knows_where_it_came_from() -> None:
    example = datasets.example(span(), Mapped(expected="output"))

    assert example == {
        "inputs": {"question": "환불?"},
        "expected": "네",
        "output": "네",
        "metadata": {"plan": "pro"},
        "source": {"trace_id": "t", "span_id": "s"},
    }


def test_an_input_that_is_no_object_gets_a_name() -> None:
    assert datasets.example(span(input="hi"), Mapped())["inputs"] == {"input": "hi"}


def test_a_metadata_key_can_be_the_reference_answer() -> None:
    mapped = Mapped(expected="metadata.plan")

    assert datasets.example(span(), mapped)["expected"] == "pro"
    assert datasets.fields([span()]) == ["input", "output", "expected", "metadata.plan"]


def test_a_model_call_gives_what_it_was_told_and_what_it_said() -> None:
    asked = {"role": "user", "parts": [{"type": "text", "content": "hi"}]}
    said = {"role": "assistant", "parts": [{"type": "text", "content": "hello"}]}
    call = span(
        input=None, output=None, messages=[asked, {**said, "finish_reason": "stop"}]
    )
    example = datasets.example(call, Mapped())

    assert example["inputs"] == {"messages": [asked]}
    assert example["output"] == "hello"


def test_json_lines_are_complete_and_keep_korean() -> None:
    lines = datasets.as_jsonl([row(), row(id="2")]).splitlines()

    assert [json.loads(line)["id"] for line in lines] == ["1", "2"]
    assert "환불" in lines[0]


def test_csv_has_a_column_for_each_key_and_marks_itself_as_utf8() -> None:
    written = datasets.as_csv([row(), row(id="2", inputs={"other": [1, 2]})])
    table = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))

    assert written.startswith("\ufeff")
    assert table[0]["inputs.question"] == "환불?"
    assert table[1]["inputs.other"] == "[1, 2]"


def test_csv_never_begins_a_cell_like_a_formula() -> None:
    written = datasets.as_csv([row(output="=HYPERLINK(1)")])

    assert "'=HYPERLINK(1)" in written

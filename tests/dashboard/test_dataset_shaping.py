"""From spans to examples, and out to files."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.shaping import datasets
from dashboard.shaping.datasets import Mapped
from tracer import Dataset
from tracer.evaluation._datasets.csv_files import as_csv


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
    written = as_csv([row(), row(id="2", inputs={"other": [1, 2]})])
    table = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))

    assert written.startswith("\ufeff")
    assert table[0]["inputs.question"] == "환불?"
    assert table[1]["inputs.other"] == "[1,2]"


def test_csv_never_begins_a_cell_like_a_formula() -> None:
    written = as_csv([row(output="=HYPERLINK(1)")])

    assert "'=HYPERLINK(1)" in written


def test_csv_that_was_downloaded_reads_back_as_the_same_rows(tmp_path: Path) -> None:
    odd = {"zip": "0123", "n": 3, "text": "3", "empty": "", "none": None, "deep": [1]}
    quoted = {"formula": "=1+1", "quote": "'=1", "minus": "-", "korean": "환불,\n네"}
    stored = [
        row(inputs=odd, expected={"a": 1}, metadata={"language": "ko", "a.b": True}),
        row(id="2", inputs=quoted, expected="true", output=None),
        row(id="=3", source={"trace_id": "1" * 32, "span_id": "2" * 16}),
    ]
    path = tmp_path / "faq.csv"
    path.write_text(as_csv(stored), encoding="utf-8", newline="")

    assert Dataset.from_csv(path).rows == stored


@pytest.mark.parametrize("odd", [[1], "text", 3, True, {}, [{"a": 1}]])
def test_rows_of_any_shape_are_shown_and_written(odd: Any) -> None:
    old = row(inputs=odd, metadata=odd, source=odd)

    assert datasets.preview_rows([old])
    assert datasets.source(old) is None
    assert as_csv([old])
    assert datasets.as_jsonl([old])


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ({"trace_id": "1" * 32, "span_id": None}, "trace"),
        ({"file": "faq.csv", "line": 3}, "faq.csv:3"),
        ({"system": "langfuse", "id": "item-1"}, "langfuse"),
        (None, None),
    ],
)
def test_a_row_shows_where_it_came_from(source: Any, shown: str | None) -> None:
    (cell,) = datasets.preview_rows([row(source=source)])
    assert (cell["cells"]["source"] or {}).get("text") == shown


def test_of_equal_inputs_only_the_newest_becomes_a_row() -> None:
    calls = [span(trace_id="new"), span(trace_id="old", output="no"), span(input="hi")]
    examples = [datasets.example(call, Mapped()) for call in calls]

    assert datasets.distinct(examples) == [examples[0], examples[2]]

"""Rows of datasets in tables and in files."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.shaping.datasets import downloads, listing
from tracer import Dataset
from tracer.evaluation._datasets.csv_files import as_csv


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


def test_json_lines_are_complete_and_keep_korean() -> None:
    lines = downloads.FORMS["jsonl"].write([row(), row(id="2")]).decode().splitlines()

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

    assert listing.preview_rows([old])
    assert listing.source(old) is None
    assert as_csv([old])
    assert downloads.FORMS["jsonl"].write([old])


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
    (cell,) = listing.preview_rows([row(source=source)])
    assert (cell["cells"]["source"] or {}).get("text") == shown


def test_a_few_inputs_have_a_column_each_and_many_share_one() -> None:
    two = [row(inputs={"question": "환불?", "context": ["a"]})]
    many = [row(inputs={str(number): number for number in range(9)})]

    assert listing.input_keys(two) == ["question", "context"]
    assert listing.input_keys(many) == listing.input_keys([row()]) == []
    (shown,) = listing.preview_rows(two, keys=["question"])
    assert shown["cells"]["inputs.question"]["text"] == "환불?"


@pytest.mark.parametrize("form", sorted(downloads.FORMS))
def test_every_form_of_a_file_is_made_of_rows_that_fit_it(form: str) -> None:
    fitting = [row(inputs={"prompt": "환불?"}, expected="네")]

    assert downloads.why_not(form, fitting) is None
    assert downloads.FORMS[form].write(fitting)


def test_a_form_that_rows_do_not_fit_says_why() -> None:
    unfit = [row(inputs={"a": 1, "b": 2})]

    assert "none of them is the prompt" in str(downloads.why_not("evals", unfit))
    assert downloads.why_not("jsonl", unfit) is None


def test_a_parquet_file_comes_back_as_the_same_rows(tmp_path: Path) -> None:
    stored = [row(inputs={"question": "환불?", "n": 3}, metadata={"plan": "pro"})]
    path = tmp_path / "faq.parquet"
    path.write_bytes(downloads.FORMS["parquet"].write(stored))

    assert Dataset.from_parquet(path).rows == stored


def test_versions_tell_what_they_brought_and_took() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    common = {"at": at, "author": "kim", "n_rows": 2, "note": None}
    versions: list[dict[str, Any]] = [
        {"version": "a" * 16, "n_new": 3, "n_gone": 1, **common},
        {"version": "b" * 16, "n_new": 0, "n_gone": 0, **common},
        {"version": "a" * 16, "n_new": None, "n_gone": None, **common},
    ]
    cells = [shown["cells"] for shown in listing.version_rows(versions)]

    told = [(cell["changes"] or {}).get("text") for cell in cells]
    assert told == ["+3 −1", "±0", None]
    assert list(listing.unique_versions(versions)) == ["a" * 16, "b" * 16]

"""Files as people have them: their encoding, form, columns and faults."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.shaping.datasets import downloads, schemas, uploads
from tracer.evaluation import Dataset

KOREAN = "질문,정답,분류\n환불은 어떻게 받나요?,주문 화면에서,결제\n배송은?,이틀,배송\n"


def lines(*rows: Any) -> bytes:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return text.encode()


def made(name: str, content: bytes, **asked: Any) -> uploads.Made:
    read = uploads.read_file(name, content)
    assert read.problems == []
    form = uploads.form_of(read.rows)
    roles = uploads.first_roles(uploads.columns_of(read.rows))
    return uploads.made_rows(
        read.rows, form, **({"roles": roles, "torn": read.torn} | asked)
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_korean_spreadsheet_is_read_in_whatever_it_was_saved(encoding: str) -> None:
    read = uploads.read_file("faq.csv", KOREAN.encode(encoding))
    rows = made("faq.csv", KOREAN.encode(encoding)).rows

    assert read.encoding == encoding.replace("utf-8-sig", "utf-8").replace(
        "utf-8", "utf-8-sig"
    )
    assert rows[0]["inputs"] == {"질문": "환불은 어떻게 받나요?"}
    assert rows[0]["expected"] == "주문 화면에서"
    assert rows[0]["metadata"] == {"분류": "결제"}
    assert rows[1]["source"] == {"file": "faq.csv", "line": 3}


def test_a_text_of_no_known_encoding_is_refused_by_its_line() -> None:
    read = uploads.read_file("faq.csv", b"q\nok\n\xff\xff\xff\n")

    (problem,) = read.problems
    assert (problem.line, read.rows) == (3, [])
    assert "save the file as UTF-8" in problem.message


def test_a_line_that_is_no_json_is_named() -> None:
    read = uploads.read_file("faq.jsonl", b'{"q": 1}\n{"q": \n')

    (problem,) = read.problems
    assert problem.line == 2
    assert "is not JSON" in problem.message


@pytest.mark.parametrize("ending", uploads.ENDINGS)
def test_an_empty_or_broken_file_is_a_problem_and_no_failure(ending: str) -> None:
    for content in (b"", b"\x00\xff\xfe broken"):
        read = uploads.read_file(f"faq.{ending}", content)
        assert read.problems and not read.rows


@pytest.mark.parametrize(("ending", "text"), [("csv", b"q,a\n"), ("json", b"[]")])
def test_a_file_without_rows_is_told(ending: str, text: bytes) -> None:
    (problem,) = uploads.read_file(f"faq.{ending}", text).problems
    assert problem.message == "the file holds no rows"


def test_a_line_with_too_many_cells_is_left_out_and_named() -> None:
    found = made("faq.csv", b"q,expected\na,b\nwhat, now,c\nd,e\n")

    assert [row["inputs"]["q"] for row in found.rows] == ["a", "d"]
    (problem,) = found.problems
    assert (problem.line, found.n_problems) == (3, 1)
    assert "has 3 cells, the header 2" in problem.message


def test_a_line_with_too_many_cells_is_named_in_our_own_form_too() -> None:
    """Another row was left out, and the line itself was kept."""
    text = b'id,inputs.q\n1,"a\nb"\n2,what, now\n3,c\n'
    found = made("faq.csv", text)

    assert [row["inputs"]["q"] for row in found.rows] == ["a\nb", "c"]
    (problem,) = found.problems
    assert (problem.line, found.n_problems) == (4, 1)


def test_a_row_without_its_input_is_named_with_line_and_column() -> None:
    found = made("faq.csv", b"question,expected\na,1\n,2\n")

    (problem,) = found.problems
    assert (problem.line, problem.column) == (3, "question")


def test_an_empty_cell_has_the_id_that_a_loop_over_the_file_gives_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "faq.csv"
    path.write_text("question,when,expected\na,,1\nb,today,\n", "utf-8")
    (first, second) = made("faq.csv", path.read_bytes()).rows

    assert (first["inputs"]["when"], second["expected"]) == (None, None)
    ids = [example.id for example in Dataset.from_csv(path)]
    assert [first["id"], second["id"]] == ids


def test_an_id_that_stands_for_two_inputs_is_named() -> None:
    found = made("faq.jsonl", lines({"id": "1", "q": "a"}, {"id": "1", "q": "b"}))

    assert len(found.rows) == 1
    assert (found.problems[0].line, found.problems[0].column) == (2, "id")


@pytest.mark.parametrize(
    ("rows", "form", "inputs", "expected"),
    [
        ([{"input": "2+2?", "ideal": "4"}], "evals", {"input": "2+2?"}, "4"),
        (
            [{"item": {"q": "?", "expected": "4"}, "sample": {"output_text": "5"}}],
            *("evals", {"q": "?"}, "4"),
        ),
        (
            [
                {
                    "messages": [
                        {"role": "user", "content": "?"},
                        {"role": "assistant", "content": "4"},
                    ]
                }
            ],
            *("fine_tuning", {"messages": [{"role": "user", "content": "?"}]}, "4"),
        ),
        (
            [{"prompt": "?", "reference": "4", "response": "5"}],
            *("vertex", {"prompt": "?"}, "4"),
        ),
        ([{"inputs": {"q": "?"}, "expected": "4"}], "rows", {"q": "?"}, "4"),
        ([{"q": "?", "answer": "4"}], "columns", {"q": "?"}, "4"),
    ],
)
def test_a_file_is_known_by_its_keys(
    rows: list[Any], form: str, inputs: dict[str, Any], expected: str
) -> None:
    read = uploads.read_file("faq.jsonl", lines(*rows))

    assert uploads.form_of(read.rows) == form
    (row,) = made("faq.jsonl", lines(*rows)).rows
    assert (row["inputs"], row["expected"]) == (inputs, expected)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_what_was_downloaded_uploads_as_the_same_rows(form: str) -> None:
    long = {"질문": "긴 글" * 100_000, "정답": "네", "분류": "결제"}
    rows = made("faq.jsonl", lines(long)).rows
    rows += made("faq.csv", KOREAN.encode()).rows
    file = downloads.FORMS[form]
    again = made(f"faq.{file.ending}", file.write(rows)).rows

    assert again == rows


def test_a_json_list_is_read_wherever_it_stands_in_the_file() -> None:
    rows = [{"q": "a", "expected": "b"}]
    for content in (rows, {"version": 1, "examples": rows}):
        found = made("faq.json", json.dumps(content).encode())
        assert found.rows[0]["inputs"] == {"q": "a"}


def test_columns_are_guessed_once_each_and_one_is_always_an_input() -> None:
    roles = uploads.first_roles(["answer", "expected", "q", "Response", "id"])

    assert roles == {
        "answer": "expected",
        "expected": "inputs",
        "q": "inputs",
        "Response": "output",
        "id": "id",
    }
    assert uploads.first_roles(["answer"]) == {"answer": "inputs"}


def test_a_proposed_schema_fits_the_rows_it_was_made_of() -> None:
    rows = made("faq.csv", KOREAN.encode()).rows
    schema = schemas.suggested(rows)

    assert schema["properties"]["inputs"]["required"] == ["질문"]
    assert schemas.misfits(rows, schema) == ()
    wrong = [*rows, {**rows[0], "inputs": {"q": 1}, "id": "1"}]
    (error,) = schemas.misfits(wrong, schema)
    assert (error.number, error.path) == (2, "inputs")


@pytest.mark.parametrize("text", ["", "[]", '{"type": "nothing"}'])
def test_what_is_no_schema_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        schemas.parsed(text)


def test_a_parquet_file_that_unpacks_to_too_much_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploads, "MOST_ROWS", 1)
    rows = made("faq.csv", KOREAN.encode()).rows
    read = uploads.read_file("faq.parquet", downloads.FORMS["parquet"].write(rows))

    assert read.rows == []
    assert "unpacks to 2 rows" in read.problems[0].message

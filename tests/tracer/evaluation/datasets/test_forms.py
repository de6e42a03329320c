"""Every form goes out and comes back; what others write is read."""

import json
from pathlib import Path
from typing import Any

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracer.evaluation import Dataset

ROWS: list[dict[str, Any]] = [
    {
        "id": "ko-1",
        "inputs": {"질문": "영업시간은?", "k": 3, "deep": {"a": [1, None]}},
        "expected": "9시",
        "metadata": {"language": "ko", "n": 1},
        "source": {"trace_id": "1" * 32, "span_id": "2" * 16},
    },
    {
        "inputs": {"질문": "=주소?", "other": None, "flag": True},
        "expected": {"city": "서울"},
        "output": "몰라요",
        "metadata": {"n": 2.5},
        "source": {"system": "langfuse", "id": "item-7"},
    },
    {"inputs": {"질문": "3"}, "source": {"file": "faq.csv", "line": 4}},
]


def written(dataset: Dataset, path: Path, form: str) -> Dataset:
    """Write a dataset in a form and return what is read of it."""
    if form == "hugging_face":
        return Dataset.from_hugging_face(dataset.to_hugging_face())
    getattr(dataset, f"to_{form}")(path)
    found: Dataset = getattr(Dataset, f"from_{form}")(path)
    return found


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "hugging_face"])
def test_a_dataset_comes_back_as_it_went(form: str, tmp_path: Path) -> None:
    dataset = Dataset(ROWS, name="인사")
    back = written(dataset, tmp_path / "인사.file", form)
    assert back.rows == dataset.rows
    assert (back.version, back.name) == (dataset.version, "인사")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("ab가", max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)
INPUTS = st.dictionaries(st.sampled_from("q r 질문".split()), VALUES, min_size=1)


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "hugging_face"])
@settings(deadline=None)
@given(rows=st.lists(st.fixed_dictionaries({"inputs": INPUTS, "expected": VALUES})))
def test_any_rows_come_back_as_they_went(
    form: str, rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    dataset = Dataset(rows)
    path = tmp_path_factory.mktemp("any") / "rows"
    assert written(dataset, path, form).rows == dataset.rows


def test_rows_of_a_file_know_file_and_line_unless_they_say_otherwise(
    tmp_path: Path,
) -> None:
    lines = tmp_path / "faq.jsonl"
    lines.write_text('{"q": 1}\n\n{"q": 2, "source": {"trace_id": "t"}}\n')
    table = tmp_path / "faq.csv"
    table.write_text('q,expected\n"a\nb",1\nc,2\n')
    assert [one.source for one in Dataset.from_jsonl(lines)] == [
        {"file": "faq.jsonl", "line": 1},
        {"trace_id": "t"},
    ]
    assert [one.source for one in Dataset.from_csv(table)] == [
        {"file": "faq.csv", "line": 3},
        {"file": "faq.csv", "line": 4},
    ]


def test_a_version_does_not_ask_in_which_file_rows_stood(tmp_path: Path) -> None:
    for name, text in (("a", '{"q": 1}\n{"q": 2}\n'), ("b", '\n{"q": 1}\n\n{"q": 2}')):
        (tmp_path / name).write_text(text)
    one, other = (Dataset.from_jsonl(tmp_path / name) for name in "ab")
    assert one.version == other.version == Dataset([{"q": 1}, {"q": 2}]).version
    assert one.rows != other.rows


def test_paths_may_be_urls(tmp_path: Path) -> None:
    dataset = Dataset(ROWS, name="faq")
    for form in ("jsonl", "csv", "parquet"):
        back = written(dataset, f"memory://sets/faq.{form}", form)  # type: ignore[arg-type]
        assert (back.rows, back.name) == (dataset.rows, "faq")


def test_parquet_of_anybody_is_read(tmp_path: Path) -> None:
    path = tmp_path / "faq.parquet"
    frame = pandas.DataFrame({"q": ["a", "b"], "expected": ["x", None]})
    frame.to_parquet(path)
    first, second = Dataset.from_parquet(path)
    assert (first.inputs, first.expected) == ({"q": "a"}, "x")
    assert (second.expected, second.source) == (
        None,
        {"file": "faq.parquet", "line": 2},
    )


def test_hugging_face_datasets_of_anybody_are_read() -> None:
    import datasets

    theirs = datasets.Dataset.from_list([{"q": "a", "expected": "x"}])
    (example,) = Dataset.from_hugging_face(theirs, name="hub")
    assert (example.inputs, example.expected) == ({"q": "a"}, "x")
    both = datasets.DatasetDict({"train": theirs, "test": theirs})
    with pytest.raises(ValueError, match="several datasets, 'train', 'test'"):
        Dataset.from_hugging_face(both)


def test_samples_of_openai_evals_go_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    messages = [
        {"role": "system", "content": "짧게"},
        {"role": "user", "content": "수도는?"},
    ]
    lines = [
        {"input": messages, "ideal": ["서울", "Seoul"]},
        {"input": "2+2", "ideal": "4", "id": "sum"},
    ]
    path.write_text("".join(json.dumps(one) + "\n" for one in lines))
    dataset = Dataset.from_openai_evals(path)
    assert [one.inputs for one in dataset] == [{"input": messages}, {"input": "2+2"}]
    assert [one.expected for one in dataset] == [["서울", "Seoul"], "4"]
    dataset.to_openai_evals(path)
    assert [json.loads(line) for line in path.read_text().splitlines()] == lines


def test_rows_of_hosted_evals_go_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    line = {
        "item": {"q": "수도는?", "label": "서울"},
        "sample": {"output_text": "부산"},
    }
    path.write_text(json.dumps(line))
    dataset = Dataset.from_openai_evals(path, expected="label")
    (example,) = dataset
    assert (example.inputs, example.expected, example.output) == (
        {"q": "수도는?"},
        "서울",
        "부산",
    )
    dataset.to_openai_evals(path, hosted=True)
    back = Dataset.from_openai_evals(path)
    assert (back[0].id, back[0].expected, back[0].output) == (
        example.id,
        "서울",
        "부산",
    )
    with pytest.raises(ValueError, match="row 0 has no 'label' in its item"):
        Dataset.from_openai_evals(path, expected="label")


def test_examples_of_fine_tuning_go_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    asked = [{"role": "user", "content": "수도는?"}]
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    lines = [
        {"messages": [*asked, {"role": "assistant", "content": "서울"}]},
        {
            "tools": [{"type": "function", "function": {"name": "f"}}],
            "messages": [*asked, {"role": "assistant", "tool_calls": [call]}],
        },
    ]
    path.write_text("".join(json.dumps(one) + "\n" for one in lines))
    dataset = Dataset.from_openai_fine_tuning(path)
    assert dataset[0].inputs == {"messages": asked}
    assert dataset[0].expected == "서울"
    dataset.to_openai_fine_tuning(path)
    assert [json.loads(line) for line in path.read_text().splitlines()] == lines


def test_pairs_of_preferences_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    line = {
        "input": {"messages": [{"role": "user", "content": "?"}]},
        "preferred_output": [{"role": "assistant", "content": "네"}],
        "non_preferred_output": [{"role": "assistant", "content": "아니"}],
    }
    path.write_text(json.dumps(line))
    (example,) = Dataset.from_openai_fine_tuning(path)
    assert example.expected == "네"
    assert example.metadata == {"non_preferred_output": line["non_preferred_output"]}


def test_what_has_nothing_to_learn_from_is_refused_by_row(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"row 0 \(a\) has no expected"):
        Dataset([{"id": "a", "prompt": "?"}]).to_openai_fine_tuning(tmp_path / "x")
    with pytest.raises(ValueError, match=r"the inputs \['a', 'b'\]"):
        Dataset([{"a": 1, "b": 2, "expected": 1}]).to_openai_evals(tmp_path / "x")
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"messages": [{"role": "user", "content": "?"}]}')
    with pytest.raises(ValueError, match="row 0 does not end with a message of the"):
        Dataset.from_openai_fine_tuning(bad)


def test_columns_of_vertex_are_understood() -> None:
    row = {
        "instruction": "요약하라.",
        "context": "긴 글",
        "reference": "짧은 글",
        "response": "글",
        "baseline_model_response": "긴",
    }
    for rows in ([row], pandas.DataFrame([row])):
        dataset = Dataset.from_vertex(
            rows, prompt_template='{instruction} {context} {"a": 1}'
        )
        (example,) = dataset
        assert example.inputs == {
            "instruction": "요약하라.",
            "context": "긴 글",
            "prompt": '요약하라. 긴 글 {"a": 1}',
        }
        assert (example.expected, example.output) == ("짧은 글", "글")
        assert example.columns["baseline_model_response"] == "긴"
    back = dataset.to_vertex()[0]
    assert {key: back[key] for key in row} == row
    with pytest.raises(ValueError, match="row 0 has no 'article' for the prompt"):
        Dataset.from_vertex([row], prompt_template="{article}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_korean_is_read_in_whatever_a_spreadsheet_was_saved(
    encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes("질문,expected\n환불은?,네\n".encode(encoding))
    [row] = Dataset.from_csv(path).rows
    assert (row["inputs"], row["expected"]) == ({"질문": "환불은?"}, "네")


def test_an_encoding_that_is_named_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "menu.csv"
    path.write_bytes("dish\ncafé crème\n".encode("latin-1"))
    [row] = Dataset.from_csv(path, encoding="latin-1").rows
    assert row["inputs"] == {"dish": "café crème"}
    with pytest.raises(ValueError, match=r"line 2: byte 0xe9 is not utf-8-sig"):
        Dataset.from_csv(path, encoding="utf-8-sig")


def test_a_cell_of_any_length_comes_back_from_our_own_csv(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    written = Dataset([{"question": "긴 글" * 100_000}])
    written.to_csv(path)
    assert Dataset.from_csv(path).version == written.version


def test_a_line_with_more_cells_than_the_header_is_named(tmp_path: Path) -> None:
    path = tmp_path / "commas.csv"
    path.write_text("question,expected\nHow much?,$3\nHello, how much?,$3\n")
    with pytest.raises(ValueError, match=r"line 3 has 3 cells, the header 2: put a "):
        Dataset.from_csv(path)
    path.write_text('inputs.question,expected\n"a, b",c\na, b,c\n')
    with pytest.raises(ValueError, match="line 3 has 3 cells"):
        Dataset.from_csv(path)


def test_a_quote_that_is_never_closed_is_named_by_its_line(tmp_path: Path) -> None:
    """What followed it was one cell, and as many rows were missing."""
    path = tmp_path / "quote.csv"
    path.write_text('q,expected\nfine,yes\n"how much?,$3\nwhere?,here\n\nwho?,me\n')
    with pytest.raises(ValueError, match="line 3: a quote is never closed"):
        Dataset.from_csv(path)
    path.write_text('q,expected\n"a\n\nb",yes\n5" wide,"last\none"\n\n')
    assert [row["expected"] for row in Dataset.from_csv(path).rows] == [
        "yes",
        "last\none",
    ]


def test_a_cell_that_csv_cannot_hold_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("q\nshort\n" + "x" * 200_000 + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 3: field larger than field limit"):
        Dataset.from_csv(path)


def test_columns_that_are_called_alike_are_refused_and_none_is_left_out(
    tmp_path: Path,
) -> None:
    path = tmp_path / "alike.csv"
    path.write_text("question,expected,question\na,b,c\n")
    with pytest.raises(ValueError, match="2 columns are called 'question'"):
        Dataset.from_csv(path)
    path.write_text("question,,\na,,\n")
    assert [row.inputs["question"] for row in Dataset.from_csv(path)] == ["a"]


def test_columns_of_a_frame_that_are_called_alike_are_refused() -> None:
    for names in (["id", "q", "q"], ["id", 1, "1"]):
        frame = pandas.DataFrame([["a", "b", "c"]], columns=names)
        with pytest.raises(ValueError, match=f"2 columns are called '{names[2]}'"):
            Dataset.from_pandas(frame)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", r"csv has no header: its first line names the columns"),
        ("\ufeff\n\n", "has no header"),
        ('"q,a\n1,2\n3,4\n', "line 1: a quote is never closed"),
        ('q,a\n1,"2\n3,4\n', "line 2: a quote is never closed"),
        ("q,a\n1,2\n3,4,5", "line 3 has 3 cells, the header 2"),
    ],
)
def test_a_csv_file_that_is_none_is_refused(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=says):
        Dataset.from_csv(path)


def test_a_csv_file_may_begin_with_blank_lines_and_hold_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text('\n\nq,a\n\n"1\n",2\n3', encoding="utf-8")
    rows = [(row.inputs, row.source) for row in Dataset.from_csv(path)]
    assert rows == [
        ({"q": "1\n", "a": "2"}, {"file": "few.csv", "line": 6}),
        ({"q": "3", "a": None}, {"file": "few.csv", "line": 7}),
    ]
    Dataset([]).to_csv(path)
    assert len(Dataset.from_csv(path)) == 0

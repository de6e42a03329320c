import math
from pathlib import Path

import numpy
import pandas
import pytest

from tracer.evaluation import Dataset


def test_flat_row_is_inputs_but_for_what_is_known_about_it() -> None:
    (example,) = Dataset([{"id": 7, "질문": "값?", "expected": "9천원", "k": 3}])
    assert example.id == "7"
    assert example.inputs == {"질문": "값?", "k": 3}
    assert example.expected == "9천원"


def test_dataset_row_is_read_as_the_collector_writes_it() -> None:
    row = {
        "id": "x",
        "inputs": {"q": 1},
        "expected": {"a": 2},
        "output": "b",
        "metadata": {"lang": "ko"},
        "source": {"trace_id": "t", "span_id": "s"},
    }
    dataset = Dataset([row], name="faq")
    assert dataset.rows == [row]
    assert Dataset(dataset.rows).version == dataset.version


def test_an_id_of_zero_is_an_id() -> None:
    flat = [{"id": number, "q": "가"} for number in range(2)]
    assert [one.id for one in Dataset(flat)] == ["0", "1"]
    assert Dataset([{"id": "", "example_id": 7, "q": "가"}])[0].id == "7"
    (half,) = Dataset([{"id": "a\ud83d", "q": "가"}]).split({"all": 1.0})["all"]
    assert half.id == "a\ufffd"


def test_column_called_source_is_an_input_unless_it_names_a_trace() -> None:
    (example,) = Dataset(
        [{"source": "Guten Tag", "metadata": "text", "expected": "Hi"}]
    )
    assert example.inputs == {"source": "Guten Tag", "metadata": "text"}


def test_source_is_an_origin_only_with_the_keys_of_one() -> None:
    origins = [
        {"trace_id": "t", "span_id": "s"},
        {"file": "a.csv", "line": 2},
        {"system": "langfuse", "id": "i"},
    ]
    for source in origins:
        (example,) = Dataset([{"q": 1, "source": source}])
        assert (example.inputs, example.source) == ({"q": 1}, source)
    (example,) = Dataset([{"q": 1, "source": {"file": "a.py", "text": "x"}}])
    assert example.inputs["source"] == {"file": "a.py", "text": "x"}


def test_version_follows_what_rows_say_and_in_which_order() -> None:
    one, other = {"q": 1}, {"q": 2}
    assert Dataset([one, other]).version == Dataset([one, other]).version
    assert Dataset([one, other]).version != Dataset([other, one]).version
    assert Dataset([one]).version != Dataset([{**one, "expected": 1}]).version
    assert len(Dataset([one]).version) == 16


def test_rows_that_cannot_be_examples_are_refused_by_number() -> None:
    with pytest.raises(ValueError, match="row 1 is a str"):
        Dataset([{"q": 1}, "q"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="row 0 has no inputs"):
        Dataset([{"expected": 1}])


def test_ids_that_name_several_examples_are_refused_all_at_once() -> None:
    rows = [{"id": id, "q": n} for n, id in enumerate("abcab")]
    says = r"row 3 has the id 'a', row 4 has the id 'b': of an earlier row with other"
    with pytest.raises(ValueError, match=says):
        Dataset(rows)
    again = [{"id": f"{n // 2}", "q": n} for n in range(18)]
    with pytest.raises(ValueError, match="row 9 has the id '4' and 4 more: of an"):
        Dataset(again)


def test_equal_rows_are_one_example_also_where_a_value_equals_nothing() -> None:
    numbers = [{"id": "a", "q": float("nan"), "v": (1, 2)} for _ in range(2)]
    assert len(Dataset(numbers)) == 2


def test_jsonl_comes_back_as_it_went(tmp_path: Path) -> None:
    dataset = Dataset(
        [{"id": "a", "q": "안녕\n하세요", "expected": None}, {"q": {"n": [1, 2.5]}}]
    )
    path = tmp_path / "인사.jsonl"
    dataset.to_jsonl(path)
    back = Dataset.from_jsonl(path)
    assert (back.name, back.rows, back.version) == (
        "인사",
        dataset.rows,
        dataset.version,
    )


def test_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"q": 1}\n\n{"q": ', encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad.jsonl, line 3 is not JSON"):
        Dataset.from_jsonl(path)


def test_csv_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_text(
        '질문,expected\n"가격, 얼마?",9천원\n언제?,\n', encoding="utf-8-sig"
    )
    first, second = Dataset.from_csv(path)
    assert (first.inputs, first.expected) == ({"질문": "가격, 얼마?"}, "9천원")
    assert (second.inputs, second.expected) == ({"질문": "언제?"}, None)


def test_dataframe_goes_in_and_out() -> None:
    frame = pandas.DataFrame(
        {"q": ["a", "b"], "n": [1.0, None], "expected": ["x", None]}
    )
    first, second = Dataset.from_pandas(frame)
    assert (first.inputs, first.expected) == ({"q": "a", "n": 1.0}, "x")
    assert (second.inputs, second.expected) == ({"q": "b", "n": None}, None)
    out = Dataset.from_pandas(frame).to_pandas()
    assert list(out.columns) == ["id", "q", "n", "expected", "output"]


def test_recorded_calls_become_examples_that_know_where_they_came_from() -> None:
    span = {
        "trace_id": "t",
        "span_id": "s",
        "input": {"messages": [{"content": "얼마?"}], "k": 3},
        "output": "9천원",
    }
    (plain,) = Dataset.from_traces([span])
    assert plain.inputs == span["input"]
    assert plain.output == "9천원"
    assert plain.source == {"trace_id": "t", "span_id": "s"}
    (mapped,) = Dataset.from_traces(
        [span], fields={"question": "input.messages.0.content"}, expected="output"
    )
    assert (mapped.inputs, mapped.expected) == ({"question": "얼마?"}, "9천원")


def test_mapping_that_finds_nothing_names_span_and_path() -> None:
    with pytest.raises(ValueError, match="span s has nothing at 'input.q'"):
        Dataset.from_traces(
            [{"trace_id": "t", "span_id": "s", "input": {}}], fields={"q": "input.q"}
        )


def test_an_id_that_a_table_lacks_is_none_and_follows_from_the_inputs() -> None:
    missing = [None, math.nan, numpy.float32("nan"), pandas.NA, pandas.NaT, ""]
    rows = [{"id": one, "q": n} for n, one in enumerate(missing)]
    assert all(example.has_content_id for example in Dataset(rows))
    (second,) = Dataset([{"id": math.nan, "example_id": "a", "q": 1}])
    assert second.id == "a"

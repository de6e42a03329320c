"""Rows and models of which no dataset can be made: what is said of them."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tracer.errors import ConfigurationError, MissingExtraError
from tracer.evaluation import Dataset


def lines(tmp_path: Path, *rows: Any) -> Path:
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return file


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"q": 1}, "row 0 has neither 'input' nor an object 'item'"),
        ({"item": 7}, "row 0 has neither 'input' nor an object 'item'"),
        ({"item": {"q": 1}}, "row 0 has no 'gold' in its item, only \\['q'\\]"),
    ],
)
def test_rows_that_are_no_samples_of_evals_are_refused(
    tmp_path: Path, row: Any, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        Dataset.from_openai_evals(lines(tmp_path, row), expected="gold")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"q": 1}, "row 0 has no list of messages"),
        ({"messages": []}, "row 0 has no list of messages"),
        ({"messages": ["x"]}, "row 0 does not end with a message of the assistant"),
        ({"preferred_output": [], "input": {}}, "row 0 has no messages in its input"),
    ],
)
def test_rows_that_are_no_training_examples_are_refused(
    tmp_path: Path, row: Any, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        Dataset.from_openai_fine_tuning(lines(tmp_path, row))


def test_inputs_that_are_no_prompt_make_no_training_example(tmp_path: Path) -> None:
    dataset = Dataset([{"question": "q", "context": "c", "expected": "a"}])
    with pytest.raises(ValueError, match=r"row 0 .* \['context', 'question'\]: none"):
        dataset.to_openai_fine_tuning(tmp_path / "out.jsonl")
    asked = Dataset([{"question": "q", "expected": "a"}])
    asked.to_openai_fine_tuning(tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["messages"] == [
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": "a"},
    ]


def test_the_last_message_of_a_hosted_sample_is_the_output(tmp_path: Path) -> None:
    said = [{"role": "assistant", "content": "first"}, {"content": "last"}]
    tools = [{"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}]
    rows = [
        {"item": {"q": n}, "sample": {"output": o}} for n, o in enumerate((said, tools))
    ]
    rows.append({"item": {"q": 2}, "sample": {"output_text": "whole", "output": said}})
    rows.append({"item": {"q": 3}, "sample": {"output": "bare"}})
    found = Dataset.from_openai_evals(lines(tmp_path, *rows))
    assert [one.output for one in found.examples] == ["last", tools, "whole", "bare"]


def test_several_splits_and_a_missing_library_of_hugging_face_are_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ValueError, match=r"several datasets, 'train', 'test'; give"):
        Dataset.from_hugging_face({"train": None, "test": None})
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtraError, match="pip install datasets"):
        Dataset.from_hugging_face("somebody/questions")


def test_a_model_is_named_where_there_is_a_client_and_called_where_there_is_none() -> (
    None
):
    dataset = Dataset([{"question": "q"}])
    with pytest.raises(ConfigurationError, match="'gpt' is a name; give the client"):
        dataset.generate("response", "gpt")
    with pytest.raises(ConfigurationError, match="give the model's name as a text"):
        dataset.generate("response", len, client=object())


def test_texts_within_lists_and_messages_tell_near_duplicates() -> None:
    def asked(text: str, n: int) -> dict[str, Any]:
        return {"messages": [{"role": "user", "content": text}], "n": n, "none": None}

    long = "What does it cost to send a parcel from Seoul to Busan by Saturday?"
    rows = [asked(long, 1), asked("무엇을 도와드릴까요?", 1), asked(long + "!", 1)]
    (group,) = Dataset(rows).near_duplicates()
    assert group.numbers == (0, 2)


@pytest.mark.parametrize(
    ("path", "says"),
    [("input.nothing", "has nothing at 'input.nothing'"), ("input.q.9", "'input.q.9'")],
)
def test_a_path_that_leads_nowhere_names_what_the_span_has(
    path: str, says: str
) -> None:
    span = {"span_id": "s", "trace_id": "t", "input": {"q": ["one"]}, "output": "a"}
    with pytest.raises(ValueError, match=says):
        Dataset.from_traces([span], fields={"question": path})
    (found,) = Dataset.from_traces([span], fields={"question": "input.q.0"}).examples
    assert found.inputs == {"question": "one"}

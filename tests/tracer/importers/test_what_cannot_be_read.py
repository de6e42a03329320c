"""What an export has in another form is reported, place by place; the rest is read."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from importer_exports import broken, places

from tracer.importers import (
    Found,
    inspect_ai,
    langfuse,
    mlflow,
    openai_evals,
    phoenix,
    weave,
)

Read = Callable[..., Found]
AT = "2026-10-01T09:00:00Z"


def reported(read: Read, tmp_path: Path, *records: Any) -> list[str]:
    """Read a file of JSON lines; return what is reported, without the file's name."""
    file = tmp_path / "export.jsonl"
    file.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return [str(one).removeprefix("export.jsonl, ") for one in read([file]).unread]


@pytest.mark.parametrize(
    ("read", "name"),
    [
        (inspect_ai.read, "inspect-ai/capitals.json"),
        (mlflow.read, "mlflow/genai_results.json"),
        (mlflow.read, "mlflow/traces.jsonl"),
        (phoenix.read, "phoenix/examples.json"),
        (phoenix.read, "phoenix/short-prompt.json"),
        (weave.read, "weave/calls.jsonl"),
    ],
)
def test_no_value_of_another_kind_ends_the_reading(
    read: Read, name: str, recorded: Path, tmp_path: Path
) -> None:
    """One sample without an id, say, ended the import with a KeyError."""
    text = (recorded / name).read_text("utf-8")
    whole = list(map(json.loads, text.splitlines() if name[-1] == "l" else [text]))
    file = tmp_path / "export.jsonl"
    for path in places(whole[0]):
        for other in (None, "x", [1]):
            changed = broken(whole[0], path, other)
            file.write_text("\n".join(map(json.dumps, [changed, *whole[1:3]])))
            read([file])


def test_a_log_of_inspect_ai_that_is_none_is_reported(tmp_path: Path) -> None:
    assert reported(inspect_ai.read, tmp_path, {"samples": []}) == [
        "export.jsonl: no log of inspect-ai: it has no 'eval'"
    ]
    broken = tmp_path / "broken.eval"
    broken.write_bytes(b"PK, and then nothing")
    (said,) = inspect_ai.read([broken]).unread
    assert str(said).startswith("broken.eval: no whole .eval file: ")
    log = {"eval": {"task": "t", "model": "m"}, "samples": []}
    assert reported(inspect_ai.read, tmp_path, log) == [
        "export.jsonl: a log without samples"
    ]


def test_a_sample_that_is_cut_off_leaves_the_others(tmp_path: Path) -> None:
    log = {"eval": {"task": "t", "model": "m", "eval_id": "e"}, "status": "success"}
    sample = {"id": "1", "epoch": 1, "input": "q", "target": "a", "output": {}}
    with zipfile.ZipFile(tmp_path / "log.eval", "w") as files:
        files.writestr("header.json", json.dumps(log))
        files.writestr("samples/1_epoch_1.json", json.dumps(sample))
        files.writestr("samples/2_epoch_1.json", '{"id": "2"')
        files.writestr("samples/3_epoch_1.json", '{"epoch": 1}')
    found = inspect_ai.read([tmp_path / "log.eval"])
    assert [one.example_id for one in found.runs[0].predictions] == ["1"]
    cut, without_id = map(str, found.unread)
    assert cut.startswith("log.eval/samples/2_epoch_1.json: not JSON: ")
    assert without_id == (
        "log.eval, sample None, epoch 1: not of the form that is known: KeyError: 'id'"
    )


def test_what_mlflow_does_not_write_is_reported(tmp_path: Path) -> None:
    trace = {
        "info": {
            "trace_id": "tr-" + "a" * 32,
            "assessments": [
                {"name": "x"},
                {"expectation": {"value": 1}},
                {"name": "ok", "feedback": {"value": True}, "valid": False},
            ],
        },
        "data": {"spans": [{"name": "without ids"}]},
    }
    said = reported(mlflow.read, tmp_path, trace, {"a": 1}, {"outputs": "x"})
    assert said == [
        "line 1: a span without ids or times: {'name': 'without ids'}",
        "line 1: an assessment of no kind: {'name': 'x'}",
        "line 2: neither a trace nor a row of results: ['a']",
        "row 1: a row without inputs: ['outputs']",
    ]


def test_what_langfuse_does_not_export_is_reported(tmp_path: Path) -> None:
    scored = {"dataType": "NUMERIC", "name": "tone", "timestamp": AT}
    said = reported(
        langfuse.read,
        tmp_path,
        {"a": 1},
        {"id": "t", "timestamp": AT, "name": "n", "observations": ["x"]},
        {"id": "o", "traceId": "u", "type": "SPAN", "startTime": None},
        scored | {"id": "s1", "sessionId": "1", "value": 1},
        scored | {"id": "s2", "traceId": "t", "value": None},
        {"id": "i", "datasetId": "d", "input": 1, "expectedOutput": 2, "x": [1]},
    )
    assert said[0] == "line 1: no object that Langfuse's API has: ['a']"
    assert "o: it has no startTime" in said
    assert (
        "score s1: a score of a session as a whole; here scores are of traces" in said
    )
    assert "score s2: a score without a value" in said


def test_what_phoenix_does_not_export_is_reported(tmp_path: Path) -> None:
    run = {"example_id": "e", "start_time": AT, "annotations": [{"score": 1}]}
    said = reported(
        phoenix.read,
        tmp_path,
        {"a": 1},
        {"example_id": "e"},
        run,
        {"dataset_id": "d", "examples": [{"input": {}}, {"id": "e", "input": {}}]},
    )
    assert said == [
        "line 1: nothing of an experiment: ['a']",
        "dataset d: not of the form that is known: KeyError: 'id'",
        "line 2: a run without a start_time",
        "line 3: an annotation without a name: {'score': 1}",
    ]


def test_a_span_of_phoenix_is_told_to_be_one(tmp_path: Path) -> None:
    span = {"name": "answer", "context": {"trace_id": "a"}, "start_time": AT}
    (said,) = reported(phoenix.read, tmp_path, span)
    assert said.startswith(
        "export.jsonl: a span; of Phoenix only experiments and datasets are read."
    )


def test_calls_of_weave_that_lack_their_evaluation_or_example_are_reported(
    tmp_path: Path,
) -> None:
    call = {"trace_id": "t", "started_at": AT, "parent_id": None}
    predict = {"op_name": "weave:///a/b/op/Evaluation.predict_and_score:v"}
    ref = "weave:///a/b/object/Dataset:v/attr/rows/id/x"
    said = reported(
        weave.read,
        tmp_path,
        {"id": "1"},
        call | predict | {"id": "alone"},
        call | {"op_name": "weave:///a/b/op/Evaluation.evaluate:v", "id": "run"},
        call | predict | {"id": "bare", "parent_id": "run"},
        call | predict | {"id": "p", "parent_id": "run", "inputs": {"example": ref}},
    )
    assert said == [
        "line 1: no call, or one without a time: ['id']",
        "call bare: predict_and_score was given no example: None",
        f"call p: nobody knows what {ref} says; export with expanded references",
        "call alone: its Evaluation.evaluate call is not in the files; kept as a trace",
    ]


def test_feedback_of_weave_is_told_of(tmp_path: Path) -> None:
    told = {"weave": {"feedback": [{"feedback_type": "wandb.reaction.1"}]}}
    call = {"id": "c", "trace_id": "t", "started_at": AT, "op_name": "answer"}
    assert reported(weave.read, tmp_path, call | {"summary": told}) == [
        "call c: its feedback is not taken over (1); all else of it is"
    ]


def test_results_of_openais_evals_without_a_name_or_a_score_are_reported(
    tmp_path: Path,
) -> None:
    item = {
        "object": "eval.run.output_item",
        "id": "i",
        "run_id": "r",
        "datasource_item_id": 1,
        "datasource_item": {"q": "?"},
        "results": [{"score": 1}, {"name": "tone"}],
    }
    said = reported(
        openai_evals.read,
        tmp_path,
        {"object": "file"},
        item,
        item | {"id": "j", "datasource_item": None},
        {"object": "eval.run", "id": "empty"},
    )
    assert said[0] == "line 1: no object of Evals: ['object']"
    assert "line 2: a result without a name: {'score': 1}" in said
    assert "line 2: the result 'tone' has no score" in said
    assert said[-1] == "run empty: a run without output items; export them too"
    assert len(said) == 5

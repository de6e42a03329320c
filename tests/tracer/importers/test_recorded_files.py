"""What inspect-ai, MLflow, Phoenix and Weave's client really wrote is read whole."""

import itertools
import json
from pathlib import Path

import pytest
from importer_exports import SPAN, TRACE

from tracer import semconv
from tracer.importers import Found, inspect_ai, mlflow, phoenix, weave

INPUT, OUTPUT, EXPECTED = semconv.INPUT, semconv.OUTPUT, semconv.EXPECTED


def verdicts(found: Found, score: str) -> dict[tuple[str, int], object]:
    """Return the values of a score by example and trial, over all runs."""
    return {
        (one.example_id, one.trial): judged.value
        for run in found.runs
        for one in run.predictions
        for judged in one.scores
        if judged.name == score
    }


def everything(found: Found) -> list[tuple[str, str]]:
    """Return trace and span id of every span that would be stored."""
    predictions = [one for run in found.runs for one in run.predictions]
    below = itertools.chain.from_iterable(one.below for one in predictions)
    spans = [*found.spans, *below, *(one.root for one in predictions)]
    return [(span.trace_id, span.span_id) for span in spans]


@pytest.mark.parametrize("ending", ["json", "eval"])
def test_a_log_of_inspect_ai_is_read_in_either_format(
    ending: str, recorded: Path
) -> None:
    found = inspect_ai.read([recorded / "inspect-ai" / f"capitals.{ending}"])
    assert found.unread == []
    (dataset,), (run,) = found.datasets, found.runs
    assert dataset.name == run.dataset == "capitals-ko"
    by_id = {example.id: example for example in dataset}
    assert by_id["ko-1"].inputs == {"input": "대한민국의 수도는?"}
    assert by_id["ko-1"].expected == "서울"
    assert by_id["ko-1"].metadata == {"language": "ko", "topic": "capital"}
    assert (run.name, run.model, run.status) == ("capitals", "mockllm/model", "done")
    assert run.metadata["branch"] == "main"
    assert set(verdicts(found, "includes")) == {
        ("ko-1", 0),
        ("ko-1", 1),
        ("2", 0),
        ("2", 1),
    }
    assert verdicts(found, "includes")["2", 1] is True
    first = next(
        one for one in run.predictions if (one.example_id, one.trial) == ("ko-1", 0)
    )
    said = first.root.content[OUTPUT]
    assert verdicts(found, "includes")["ko-1", 0] is ("서울" in said)
    assert verdicts(found, "length")["ko-1", 0] == len(said)
    (call,) = first.below
    assert call.attributes[semconv.USAGE_INPUT_TOKENS] > 0
    assert call.attributes[semconv.PROVIDER_NAME] == "mockllm"


def test_a_folder_of_logs_is_a_run_each(recorded: Path) -> None:
    found = inspect_ai.read([recorded / "inspect-ai"])
    assert len(found.runs) == 2
    assert len(found.datasets) == 1
    assert len({run.id for run in found.runs}) == 2


def test_letters_of_inspect_ai_are_numbers_where_one_is_partial() -> None:
    scores = inspect_ai.graded({"C", "P", None})
    assert scores == {"C": 1.0, "I": 0.0, "N": 0.0, "P": 0.5}
    assert inspect_ai.graded({"C", "I"}) == {"C": True, "I": False, "N": False}
    assert inspect_ai.graded({"A", "C"}) == {}


def test_traces_of_mlflow_keep_ids_parents_errors_and_feedback(recorded: Path) -> None:
    found = mlflow.read([recorded / "mlflow" / "traces.jsonl"])
    assert found.unread == []
    answer, search, fails = found.spans
    assert (answer.name, answer.kind, answer.parent_span_id) == (
        "answer",
        "chain",
        None,
    )
    assert answer.content == {INPUT: {"question": "영업시간은?"}, OUTPUT: "9시"}
    assert answer.attributes[semconv.USER_ID] == "u1"
    assert answer.attributes[semconv.TAGS] == ("branch=main",)
    assert answer.metadata == {"k": 3, "mlflow.expectation.expected_response": "9시"}
    assert (search.kind, search.parent_span_id) == ("retriever", answer.span_id)
    assert search.end_ns <= answer.end_ns
    assert fails.error is not None and "nothing found" in fails.error
    text = (recorded / "mlflow" / "traces.jsonl").read_text("utf-8")
    assert f"tr-{answer.trace_id}" in text
    helpful, tone = found.scores
    assert (helpful.name, helpful.value, helpful.source) == ("helpful", True, "human")
    assert (helpful.author, helpful.explanation) == ("kim", "짧고 맞다")
    assert (tone.label, tone.trace_id) == ("polite", answer.trace_id)


@pytest.mark.parametrize(
    ("cost", "usd"),
    [
        ({"input_cost": 0.02, "output_cost": 0.01, "total_cost": 0.04}, 0.04),
        ({"input_cost": 0.5, "output_cost": 0.25}, 0.75),
        (None, None),
    ],
)
def test_a_model_call_of_mlflow_keeps_provider_cached_tokens_and_cost(
    cost: object, usd: float | None, recorded: Path, tmp_path: Path
) -> None:
    lines = (recorded / "mlflow" / "traces.jsonl").read_text("utf-8").splitlines()
    trace = json.loads(lines[0])
    told = {
        "mlflow.llm.cost": cost,
        "mlflow.llm.provider": "vllm",
        "mlflow.chat.tokenUsage": {"input_tokens": 9, "cache_read_input_tokens": 4},
    }
    written = {key: json.dumps(value) for key, value in told.items()}
    trace["data"]["spans"][0]["attributes"] |= written
    path = tmp_path / "traces.jsonl"
    path.write_text(json.dumps(trace), "utf-8")
    said = mlflow.read([path]).spans[0].attributes
    assert said[semconv.USAGE_COST] == usd
    assert said[semconv.PROVIDER_NAME] == "vllm"
    assert said[semconv.USAGE_CACHE_READ_INPUT_TOKENS] == 4


def test_the_metadata_of_a_trace_of_mlflow_is_that_of_its_root(
    recorded: Path, tmp_path: Path
) -> None:
    lines = (recorded / "mlflow" / "traces.jsonl").read_text("utf-8").splitlines()
    trace = json.loads(lines[0])
    trace["info"]["trace_metadata"]["department"] = "support"
    path = tmp_path / "traces.jsonl"
    path.write_text(json.dumps(trace), "utf-8")
    root, below = mlflow.read([path]).spans
    assert root.metadata["department"] == "support"
    assert "department" not in below.metadata


def test_results_of_mlflow_old_and_new_are_runs_with_equal_examples(
    recorded: Path,
) -> None:
    tables = ("genai_results.json", "eval_results_table.json")
    found = mlflow.read([recorded / "mlflow" / name for name in tables])
    assert found.unread == []
    new, old = found.runs
    assert [one.example_id for one in new.predictions] == [
        one.example_id for one in old.predictions
    ]
    hours, place = (one.example_id for one in new.predictions)
    assert verdicts(found, "exact") == {(hours, 0): True, (place, 0): False}
    assert verdicts(found, "length") == {(hours, 0): 2.0, (place, 0): 3.0}
    assert verdicts(found, "same") == {(hours, 0): 1.0, (place, 0): 0.0}
    assert new.predictions[1].root.content == {
        INPUT: {"question": "주소는?"},
        OUTPUT: "몰라요",
        EXPECTED: "서울",
    }
    assert [one.expected for one in found.datasets[1]] == ["9시", "서울"]
    assert old.predictions[0].scores[0].explanation == "같다"


def test_an_experiment_of_phoenix_is_a_run_with_its_ids(recorded: Path) -> None:
    files = ("short-prompt", "experiment", "dataset", "examples")
    found = phoenix.read([recorded / "phoenix" / f"{name}.json" for name in files])
    assert found.unread == []
    (dataset,), (run,) = found.datasets, found.runs
    assert (dataset.name, run.dataset) == ("faq", "faq")
    assert run.dataset_version == dataset.version
    assert (run.id, run.display_name) == ("RXhwZXJpbWVudDox", "short-prompt")
    assert run.metadata["branch"] == "main"
    hours, place = (example.id for example in dataset)
    assert dataset[0].metadata == {"language": "ko"}
    assert verdicts(found, "exact") == {
        (hours, 0): True,
        (hours, 1): True,
        (place, 0): False,
        (place, 1): False,
    }
    tone = run.predictions[0].scores[1]
    assert (tone.value, tone.label, tone.explanation) == (0.5, "polite", "짧다")
    failed = next(one for one in run.predictions if one.example_id == place)
    assert failed.root.error is not None and "nothing found" in failed.root.error
    text = (recorded / "phoenix" / "short-prompt.json").read_text("utf-8")
    assert all(f'"{one.root.trace_id}"' in text for one in run.predictions)


def test_runs_of_phoenix_alone_are_named_by_their_file(recorded: Path) -> None:
    found = phoenix.read([recorded / "phoenix" / "short-prompt.json"])
    assert (found.runs[0].id, found.datasets[0].name) == ("short-prompt",) * 2
    assert len(found.runs[0].predictions) == 4


def test_calls_of_weave_are_runs_and_traces(recorded: Path) -> None:
    found = weave.read([recorded / "weave" / "calls.jsonl"])
    logged, declared = found.runs
    assert (logged.display_name, logged.status) == ("짧은 질문", "done")
    assert logged.metadata["summary"]["output"] == {"verdict": "fine"}
    hours, place = dict.fromkeys(one.example_id for one in logged.predictions)
    assert [(one.example_id, one.trial) for one in logged.predictions] == [
        (hours, 0),
        (hours, 1),
        (place, 0),
        (place, 1),
    ]
    assert verdicts(found, "correct")[place, 0] is False
    assert verdicts(found, "points")[hours, 1] == 0.5
    first = logged.predictions[0]
    assert first.root.content[INPUT] == {"question": "영업시간은?"}
    assert first.root.content[OUTPUT] == "9시"
    assert [one.kind for one in first.below] == ["span", "evaluator", "evaluator"]
    assert (declared.name, declared.model) == ("faq-eval", "answer")
    assert [one.scores[0].name for one in declared.predictions] == ["exact.correct"] * 2
    plain = [span for span in found.spans if span.name == "answer"]
    assert plain[0].content == {INPUT: {"question": "영업시간은?"}, OUTPUT: "9시"}
    said = {one.why for one in found.unread}
    assert said == {
        "its inputs are references; export with expand_columns for the rows"
    }


def test_traces_of_mlflow_two_are_read_too(tmp_path: Path) -> None:
    """Its form, as MLflow's documentation of version 2 has it."""
    span = {
        "name": "answer",
        "context": {"trace_id": "0x" + TRACE, "span_id": "0x" + SPAN},
        "parent_id": None,
        "start_time": 1_760_000_000_000_000_000,
        "end_time": 1_760_000_001_000_000_000,
        "status_code": "ERROR",
        "status_message": "no",
        "attributes": {"mlflow.spanInputs": '{"q": "?"}', "mlflow.spanType": '"TOOL"'},
        "events": [],
    }
    info = {
        "request_id": TRACE,
        "timestamp_ms": 1_760_000_000_000,
        "status": "ERROR",
        "request_metadata": {"mlflow.trace.session": "s1"},
        "tags": {},
    }
    path = tmp_path / "trace.json"
    path.write_text(json.dumps({"info": info, "data": {"spans": [span]}}))
    found = mlflow.read([path])
    (read,) = found.spans
    assert (read.trace_id, read.span_id, read.kind) == (TRACE, SPAN, "tool")
    assert (read.error, read.content[INPUT]) == ("no", {"q": "?"})
    assert read.attributes[semconv.SESSION_ID] == "s1"
    assert read.end_ns - read.start_ns == 1_000_000_000


def test_an_expanded_row_of_weave_keeps_its_digest(
    recorded: Path, tmp_path: Path
) -> None:
    lines = (recorded / "weave" / "calls.jsonl").read_text("utf-8").splitlines()
    calls = [json.loads(line) for line in lines]
    for call in calls:
        ref = call["inputs"].get("example")
        if isinstance(ref, str):
            call["inputs"]["example"] = {"question": "?", "expected": ref, "_ref": ref}
    path = tmp_path / "calls.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in calls), "utf-8")
    found, plain = weave.read([path]), weave.read([recorded / "weave" / "calls.jsonl"])
    assert found.unread == []
    ids = [[one.example_id for one in run.predictions] for run in found.runs]
    assert ids == [[one.example_id for one in run.predictions] for run in plain.runs]
    assert found.datasets[1][0].inputs == {"question": "?"}


def test_a_row_that_weave_lost_to_a_scorer_comes_back(
    recorded: Path, tmp_path: Path
) -> None:
    """Where a scorer raises, Weave keeps neither the output nor the other scores."""
    lines = (recorded / "weave" / "calls.jsonl").read_text("utf-8").splitlines()
    calls = [json.loads(line) for line in lines]
    lost = [one for one in calls if "predict_and_score" in one["op_name"]][-1]
    (scorer,) = [
        one
        for one in calls
        if one.get("parent_id") == lost["id"] and "/op/exact:" in one["op_name"]
    ]
    fine = {**scorer, "id": "fine", "op_name": scorer["op_name"].replace("exact", "ok")}
    path, fault = tmp_path / "calls.jsonl", "ZeroDivisionError: division by zero"
    scorer |= {"output": None, "exception": fault}
    answered = lost["output"]["output"]
    lost |= {"output": None, "exception": fault}
    path.write_text("".join(json.dumps(one) + "\n" for one in [*calls, fine]), "utf-8")
    (prediction,) = [
        one
        for one in weave.read([path]).runs[1].predictions
        if one.root.metadata["weave.call_id"] == lost["id"]
    ]
    assert prediction.root.content[OUTPUT] == answered
    assert prediction.root.error is None
    exact, ok = sorted(prediction.scores, key=lambda one: one.name)
    assert (exact.name, exact.value, exact.error) == ("exact", None, "_OTHER")
    assert exact.explanation == fault
    assert (ok.name, ok.value) == ("ok.correct", True)


def test_no_span_is_stored_twice_and_reading_again_finds_the_same(
    recorded: Path,
) -> None:
    readers = {
        "inspect-ai": inspect_ai.read,
        "mlflow": mlflow.read,
        "phoenix": phoenix.read,
        "weave": weave.read,
    }
    for name, read in readers.items():
        files = [
            one for one in recorded.joinpath(name).iterdir() if one.suffix != ".txt"
        ]
        found = read(sorted(files))
        assert len(set(everything(found))) == len(everything(found)), name
        again = read(sorted(files))
        assert (again.runs, again.spans, again.scores) == (
            found.runs,
            found.spans,
            found.scores,
        )

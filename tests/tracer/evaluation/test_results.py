"""What a finished run says, printed and by name."""

import re
from pathlib import Path
from typing import Any

import pytest
from IPython.lib.pretty import pretty
from otlp_sink import OtlpSink

import tracer
from tracer import testing
from tracer.evaluation import EvaluationLogger


def test_a_result_says_what_it_can_see_and_what_it_took(sent: Any) -> None:
    def model(n: int) -> int:
        if n == 3:
            raise LookupError("no answer")
        return n % 2

    def odd(output: int) -> bool:
        return output == 1

    rows = [{"n": n} for n in range(8)]
    result = tracer.Evaluation(rows, [odd], trials=2).run(model)
    head, line = str(result).splitlines()[1:3]
    assert head.endswith("can see ≥")
    latency, failed = result.measures["latency_ms"], result.measures["failed"]
    assert (latency.n, latency.n_examples) == (16, 8)
    assert (failed.total, failed.n) == (2, 16)
    assert result.summary["odd"].detectable_difference is None  # no trial differed
    assert line.split()[-1] == "2"  # errors; so nothing is said of what it can see


def test_a_printed_result_says_that_its_link_leads_nowhere_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = OtlpSink()
    sink.start()
    sink.stop()  # what it listened on is known, and free
    monkeypatch.setenv("TRACER_ENDPOINT", sink.url)
    monkeypatch.setenv("TRACER_SPOOL_DIR", str(tmp_path))
    testing.reset()

    result = tracer.Evaluation([{"n": 1}], [lambda output: True]).run(lambda n: n)

    link, note = str(result).splitlines()[-2:]
    assert link == result.ui_url
    assert re.fullmatch(r"not sent yet: \d+ records wait \(.*Connection.*\)", note)
    sink.start()
    try:
        assert str(result).splitlines()[-1] == result.ui_url
    finally:
        sink.stop()
        testing.reset()


class Printer:
    """What IPython gives an object to write itself to."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def text(self, told: str) -> None:
        self.told.append(told)


def log_korean() -> EvaluationLogger:
    with EvaluationLogger(name="faq", scorers=["빠짐"]) as log:
        for number in range(30):
            with log.log_prediction({"q": number}) as prediction:
                prediction.output = "네"
                prediction.log_score("정확", number % 3 > 0)
                prediction.log_score("tone", number % 5)
                if number == 0:
                    prediction.log_score("tone", float("nan"), author="b")
    return log


def test_summary_is_printed_as_a_table_of_all_scores(sent: Any) -> None:
    summary = log_korean().summary
    assert str(summary).splitlines() == [
        "score       mean     95 % interval   n  examples  missing  errors  can see ≥",
        "빠짐                                 0         0       30       0",
        "정확      66.7 %  48.8 % to 80.8 %  30        30        0       0    35.9 pp",
        "tone           2    1.463 to 2.537  30        30        0       0       1.08",
        "tone · b                             0         0        0       1",
    ]
    printer = Printer()
    summary._repr_pretty_(printer, cycle=False)
    assert printer.told == [str(summary)]
    assert str(EvaluationLogger().summary) == "no scores"


def test_summary_says_of_predictions_that_are_open_why_they_do_not_count(
    sent: Any,
) -> None:
    log = EvaluationLogger(name="faq")
    opened = [log.log_prediction({"q": number}, "a") for number in range(3)]
    for prediction in opened:
        prediction.log_score("right", True)
    assert str(log.summary) == (
        "no scores\n3 predictions are open and not counted: finish() each, or log it "
        "as a block (with …), or finish() the run"
    )
    with pytest.raises(KeyError, match="are: none; 3 predictions are open"):
        log.summary["right"]
    for prediction in opened[:2]:
        prediction.finish()
    assert str(log.summary).splitlines()[-1].startswith("1 prediction is open")
    assert (log.summary.n_open, log.summary["right"].n) == (1, 2)
    log.finish()
    assert (log.summary.n_open, log.summary["right"].n) == (0, 3)
    assert "open" not in str(log.summary)


def test_a_logger_is_printed_with_its_scores_and_named_in_a_line(sent: Any) -> None:
    log = EvaluationLogger("faq", "gpt-4o-mini", display_name="faq, short")
    log.log_prediction({"q": 1}).fail(LookupError("nothing"))
    log.log_example({"q": 2}, "a", {"right": True})
    head, *table = str(log).splitlines()
    assert head == "faq, short · gpt-4o-mini · 2 predictions, 1 failed · open"
    assert table == str(log.summary).splitlines()
    log.finish()
    assert repr(log) == f"EvaluationLogger('faq, short', id='{log.id}', finished)"


def test_score_that_is_not_there_is_an_error_that_names_those_that_are(
    sent: Any,
) -> None:
    summary = log_korean().summary
    with pytest.raises(KeyError, match="no score 'ton'.*: '빠짐', '정확', 'tone'"):
        summary["ton"]
    assert summary.get("ton") is None and "ton" not in summary
    with pytest.raises(KeyError, match="scores are: none"):
        EvaluationLogger().summary["ton"]


def test_measure_that_is_not_known_is_an_error_that_names_those_that_are(
    sent: Any,
) -> None:
    measures = tracer.Evaluation([{"n": 1, "output": 2}]).run().measures
    with pytest.raises(KeyError, match="'latency_ms' is not known.*: 'failed'"):
        measures["latency_ms"]
    assert str(measures).startswith("failed: mean 0.0 %")


def test_a_score_that_only_failed_keeps_its_count_on_the_way_to_a_comparison(
    sent: Any,
) -> None:
    def broken(output: int) -> float:
        raise ValueError(output)

    rows = [{"n": n} for n in range(3)]
    evaluation = tracer.Evaluation(rows, [broken])
    result = evaluation.run(lambda n: n)
    (row,) = result.summary["broken"].sums.rows()
    assert (row["n"], row["n_errors"]) == (0, 3)
    (found,) = result.compare(evaluation.run(lambda n: n))
    assert found.difference is None


def test_a_result_says_why_models_and_scorers_failed(sent: Any) -> None:
    def model(n: int) -> int:
        if n == 0:
            raise LookupError("no answer")
        return n

    def broken(output: int) -> float:
        raise ValueError("no\njudge")

    told = str(tracer.Evaluation([{"n": n} for n in range(4)], [broken]).run(model))
    assert "\nbroken failed 3 times: ValueError: no judge\n" in told
    assert "\nmodel failed 1 times: LookupError: no answer\n" in told


def test_frame_keeps_inputs_and_scores_that_are_called_as_other_columns(
    sent: Any,
) -> None:
    def length(output: str) -> int:
        return 7

    def error(output: str) -> bool:
        return False

    rows = [{"length": 1, "trial": "A", "expected": "x"}]
    evaluation = tracer.Evaluation(rows, [length, error])
    frame = evaluation.run(lambda trial: "y").to_pandas()
    (row,) = frame.drop(columns=["example_id", "duration_ms", "trace_id"]).to_dict(
        "records"
    )
    assert row == {
        "trial": 0,
        "length": 1,
        "inputs.trial": "A",
        "expected": "x",
        "output": "y",
        "scores.length": 7,
        "scores.error": False,
        "error": None,
    }


def test_of_many_causes_a_result_names_the_three_commonest(sent: Any) -> None:
    def broken(output: int) -> float:
        raise ValueError(output)

    rows = [{"n": n} for n in range(6)]
    told = str(tracer.Evaluation(rows, [broken]).run(lambda n: n))
    assert told.count("broken failed") == 3
    assert "\nand 3 other causes\n" in told


def test_notebooks_show_results_as_they_are_printed(sent: Any) -> None:
    rows = [{"n": n, "expected": n % 3} for n in range(9)]

    def right(output: int, expected: int) -> bool:
        return output == expected

    evaluation = tracer.Evaluation(rows, [right], name="notebook")
    result = evaluation.run(lambda n: n % 2)
    found = result.compare(evaluation.run(lambda n: n % 3))
    assert pretty(result) == str(result)
    assert pretty(result.summary["right"]) == str(result.summary["right"])
    assert pretty(found) == f"[{found[0]}]"

"""`tracer gate` on runs that a real collector has."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from processes import CollectorProcess

import tracer
from tracer.errors import ConfigurationError
from tracer.gate.command import gate

ROWS = [{"q": f"question {number}", "expected": number} for number in range(60)]


@pytest.fixture
def runs(collector: CollectorProcess, project: str) -> Iterator[dict[str, str]]:
    """Two runs of one evaluation: half right, then nine tenths; their ids."""
    tracer.configure(endpoint=collector.url, project=project)
    ids = {}
    for name, tenths in (("old", 5), ("new", 9)):
        with tracer.EvaluationLogger(
            "faq", "m", display_name=f"{project}-{name}"
        ) as log:
            for number, row in enumerate(ROWS):
                with log.log_prediction({"q": row["q"]}, duration_s=0.1) as prediction:
                    prediction.output = number
                    prediction.log_score("correct", number % 10 < tenths)
        ids[name] = log.id
    assert tracer.flush().pending == 0
    yield ids
    tracer.shutdown()


def ask(collector: CollectorProcess, *arguments: str) -> Result:
    return CliRunner().invoke(gate, ["--collector", collector.url, *arguments])


def test_a_better_run_passes_and_both_reports_are_written(
    collector: CollectorProcess, runs: dict[str, str], tmp_path: Path
) -> None:
    files = [tmp_path / "gate.md", tmp_path / "gate.xml"]
    written = ["--markdown", str(files[0]), "--junit", str(files[1])]
    asked = ["--require", "correct >= -0.02", "--require", "failed <= 0.02"]
    result = ask(collector, runs["old"], runs["new"], *asked, *written)
    assert result.exit_code == 1, result.output
    assert "✓ correct >= -0.02: shown · 50.0 % → 90.0 % · +40.0 pp" in result.output
    # 60 examples without a failure do not show that failures rose by less than 2 %
    assert "? failed <= 0.02: not shown" in result.output
    assert all(file.read_text("utf-8") for file in files)
    result = ask(collector, runs["old"], runs["new"], "--require", "correct > 0")
    assert result.exit_code == 0, result.output
    assert result.output.endswith("passes: 1 of 1 shown\n")


def test_a_program_reads_the_same_verdict_as_json(
    collector: CollectorProcess, runs: dict[str, str]
) -> None:
    result = ask(
        collector, runs["old"], runs["new"], "--require", "correct > 0", "--json"
    )
    found = json.loads(result.stdout)
    assert (found["status"], found["passes"]) == (0, True)
    assert found["candidate"]["id"] == runs["new"]
    (one,) = found["requirements"]
    assert (one["outcome"], one["n_examples"]) == ("shown", len(ROWS))
    assert one["ci95"][0] > 0


def test_a_report_that_cannot_be_written_decides_nothing(
    collector: CollectorProcess, runs: dict[str, str], tmp_path: Path
) -> None:
    """It ended with status 1, as if the candidate had not passed."""
    asked = [runs["old"], runs["new"], "--require", "correct > 0"]
    for option in ("--junit", "--markdown"):
        result = ask(collector, *asked, option, str(tmp_path / "no" / "report"))
        assert result.exit_code == 2
        assert "the report cannot be written to" in result.output


def test_a_run_that_is_not_done_is_not_judged(
    collector: CollectorProcess, runs: dict[str, str]
) -> None:
    """Half a run passed, as if it were the whole."""
    with pytest.raises(KeyboardInterrupt):
        with tracer.EvaluationLogger("faq", "m", n_planned=60) as log:
            for number, row in enumerate(ROWS[:50]):
                with log.log_prediction({"q": row["q"]}) as prediction:
                    prediction.output = number
                    prediction.log_score("correct", True)
            raise KeyboardInterrupt
    tracer.flush()
    for named in ([runs["old"], log.id], [log.id, runs["old"]]):
        result = ask(collector, *named, "--require", "correct > 0")
        said = f"run {log.id} is incomplete, with 50 of 60"
        assert said in str(result.exception)
        assert isinstance(result.exception, ConfigurationError)


def test_a_worse_run_does_not_pass(
    collector: CollectorProcess, runs: dict[str, str]
) -> None:
    result = ask(collector, runs["new"], runs["old"], "--require", "correct >= -0.02")
    assert result.exit_code == 1
    assert "✗ correct >= -0.02: broken" in result.output


def test_runs_are_found_by_name_the_latest_of_an_evaluation_by_its_name(
    collector: CollectorProcess, runs: dict[str, str], project: str
) -> None:
    named = [f"{project}-old", "faq", "--project", project]
    result = ask(collector, *named, "--require", "correct > 0")
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"{project}-old → {project}-new")


def test_what_cannot_be_judged_is_status_2(
    collector: CollectorProcess, runs: dict[str, str]
) -> None:
    old, new = runs["old"], runs["new"]
    for arguments, reason in (
        ((old, "nowhere", "--require", "correct > 0"), "no run with id 'nowhere'"),
        ((old, old, "--require", "correct > 0"), "are the same run"),
        ((old, new, "--require", "charm > 0"), "has no figure 'charm'"),
        ((old, new, "--require", "charming"), "is not understood"),
    ):
        result = ask(collector, *arguments)
        said = result.output + str(result.exception or "")
        assert reason in said
        if result.exception is None or isinstance(result.exception, SystemExit):
            assert result.exit_code == 2


def test_a_collector_that_is_away_is_status_2() -> None:
    asked = ["--collector", "http://127.0.0.1:1", "a", "b", "--require", "s > 0"]
    result = CliRunner().invoke(gate, asked)
    assert result.exit_code == 2
    assert "no collector answers" in result.output

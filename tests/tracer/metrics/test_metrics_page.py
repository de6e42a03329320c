"""docs/metrics.md: its table is the registry's, and its examples run as written."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from processes import CollectorProcess

import tracer
from examples.openai_server import running
from tracer import metrics
from tracer.metrics._table import markdown, rows
from tracer.metrics.command import metrics as command

PAGE = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text("utf-8")


def test_the_table_of_the_page_is_the_registrys() -> None:
    table = markdown(rows())
    assert table in PAGE, f"put this into the page:\n\n{table}"


def test_the_command_names_every_metric_with_its_direction() -> None:
    told = CliRunner().invoke(command, []).output
    for name, metric in metrics.REGISTRY.items():
        (line,) = [one for one in told.splitlines() if one.startswith(f"{name}  ")]
        assert ("higher is better" in line) is metric.higher_is_better
    assert CliRunner().invoke(command, ["--markdown"]).output == f"{markdown(rows())}\n"


@pytest.fixture
def house(
    collector: CollectorProcess, project: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A collector and an OpenAI-compatible server, found by the environment."""
    with running() as base_url:
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
        monkeypatch.setenv("TRACER_ENDPOINT", collector.url)
        tracer.configure(endpoint=collector.url, project=project)
        yield
        tracer.shutdown()


@pytest.mark.usefixtures("house")
def test_examples_of_the_page_run_and_print_what_they_say(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names: dict[str, Any] = {}
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    for example in examples:
        exec(example, names)
    told = capsys.readouterr().out
    assert told.startswith("0.8\n0.5 $.n: 3 instead of 4\n")
    assert "0.5 0.388" in told
    assert "[ToolCall(name='search', arguments={'query': '환불 기한'})]" in told
    means = {name: one.mean for name, one in names["result"].summary.items()}
    assert (means["exact_match"], means["numeric_match"]) == (0.0, 0.5)
    assert means["has a number"] == 1.0

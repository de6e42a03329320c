"""docs/judges.md runs as it stands, against the local server, and names everything."""

import re
from pathlib import Path
from typing import Any

import pytest
from judging import Wire
from processes import CollectorProcess

import tracer
from tracer import judges
from tracer.client import Client
from tracer.judges import Price
from tracer.judges.definition import KINDS
from tracer.worker.judging import stored_judges

PAGE = (Path(__file__).parents[3] / "docs" / "judges.md").read_text("utf-8")


@pytest.fixture
def names(
    wire: Wire,
    collector: CollectorProcess,
    project: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, Any]:
    """What the page's code leaves behind when it ran from top to bottom."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_BASE_URL", wire.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    monkeypatch.setenv("TRACER_ENDPOINT", collector.url)
    monkeypatch.setenv("TRACER_PROJECT", project)
    found: dict[str, Any] = {}
    for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(example, found)
    tracer.flush()
    return found


def test_examples_of_the_page_run_in_order(
    names: dict[str, Any], project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert names["result"].summary["rag.total"].n == 1
    names["look"](names["result"].evaluation_id)
    names["store_and_ask"](Client(), project)
    [judge] = stored_judges(Client(), ["tone"], project=project)
    assert judge.name == "tone"
    assert "PairwiseBias(n_pairs=0" in capsys.readouterr().out
    names["model"].client.close()


def test_every_judge_rubric_and_kind_is_on_the_page() -> None:
    wanted = [*judges.READY, *KINDS]
    wanted += [
        name for name in judges.__all__ if name not in ("RAG", "READY", "Estimate")
    ]
    apart = {"Judge", "PairwiseBias", "Spending", "judge_of"}
    assert [name for name in wanted if name not in PAGE and name not in apart] == []


def test_prices_are_told_per_million_tokens() -> None:
    assert Price(0.15, 0.60).cost_usd(1_000_000, 0) == pytest.approx(0.15)

"""The examples of README and docs, run as a reader would: one program a page."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from processes import CollectorProcess

from examples.openai_server.running import running
from tracer.client import Client

ROOT = Path(__file__).parents[2]
USUAL = "import tracer\nfrom openai import OpenAI"
"""What pages further in take for granted."""


def program(page: str, *, project: str) -> str:
    """Return the Python blocks of a page, in order, with a project of their own."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    told = "\n".join(blocks)
    return re.sub('"(my-app|support-bot)"', repr(project), told)


def run(pages: str, collector: CollectorProcess, project: str, tmp_path: Path) -> str:
    """Run pages as a program beside collector and OpenAI server; return its output."""
    told = "\n".join(program(page, project=project) for page in pages.split())
    with running() as base_url:
        done = subprocess.run(
            [sys.executable, "-c", f"{USUAL}\n{told}"],
            env=os.environ
            | {
                "TRACER_ENDPOINT": collector.url,
                "TRACER_SPOOL_DIR": str(tmp_path),
                "OPENAI_BASE_URL": base_url,
                "OPENAI_API_KEY": "none",
                "PYTHONPATH": str(ROOT),
                "PYTHONUTF8": "1",
            },
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def readme(collector: CollectorProcess, project: str, tmp_path: Path) -> str:
    return run("README.md", collector, project, tmp_path)


def test_the_readme_runs_as_it_stands(readme: str) -> None:
    assert "chat gpt-4o-mini" in readme
    assert "answer" in readme
    assert mean_of("mentions", readme) > 50


def mean_of(score: str, printed: str) -> float:
    """Return the mean of a score in percent, as the summary's table has it."""
    found = re.search(rf"^{score} +([\d.]+) %", printed, re.MULTILINE)
    assert found, printed
    return float(found[1])


FURTHER = ("client", "alerts", "review", "running", "sql", "openai", "delivery")
"""The last of them sends elsewhere."""


@pytest.mark.usefixtures("readme")
def test_pages_further_in_run_over_what_the_readme_stored(
    collector: CollectorProcess, project: str, tmp_path: Path
) -> None:
    client = Client(collector.url)
    row = {"inputs": {"question": "언제 오나요?"}, "output": "2일", "expected": "2일"}
    client.save_dataset("delivery-questions", [row], project=project)
    pages = " ".join(f"docs/{name}.md" for name in FURTHER)
    printed = run(pages, collector, project, tmp_path)
    for said in ("환불은 어떻게 하나요?", "mentions 6", "9시", "in the last 30 days"):
        assert said in printed
    assert re.search(r"^[1-9]\d* new items$", printed, re.MULTILINE)
    [rule] = client.alert_rules(project=project)
    assert rule["name"] == "Too many errors"
    [job] = client.jobs(project=project)
    assert job["kind"] == "score_dataset"


FIRST_PAGES = {
    "README.ko.md": "언급",
    "docs/index.md": "mentions",
    "docs/index.ko.md": "mentions",
    "docs/concepts.md": None,
}
"""Page: the score that its evaluation prints."""


@pytest.mark.parametrize(("page", "score"), FIRST_PAGES.items())
def test_the_first_pages_run_as_they_stand(
    page: str,
    score: str | None,
    collector: CollectorProcess,
    project: str,
    tmp_path: Path,
) -> None:
    printed = run(page, collector, project, tmp_path)
    assert score is None or mean_of(score, printed) > 50
    rows = Client(collector.url).traces(project=project, origin="all")
    assert "answer" in {row["name"] for row in rows}

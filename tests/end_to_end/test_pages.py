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


def program(page: str, *, project: str) -> str:
    """Return the Python blocks of a page, in order, with a project of their own."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return "\n".join(blocks).replace('"my-app"', repr(project))


def run(page: str, collector: CollectorProcess, project: str, tmp_path: Path) -> str:
    """Run a page as a program beside collector and OpenAI server; return its output."""
    with running() as base_url:
        done = subprocess.run(
            [sys.executable, "-c", program(page, project=project)],
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


@pytest.mark.usefixtures("readme")
def test_the_page_on_reading_runs_over_what_the_readme_stored(
    collector: CollectorProcess, project: str, tmp_path: Path
) -> None:
    printed = run("docs/client.md", collector, project, tmp_path)
    assert "환불은 어떻게 하나요?" in printed
    assert "mentions 3" in printed
    assert "9시" in printed


@pytest.mark.parametrize("page", ["README.ko.md", "docs/index.md", "docs/index.ko.md"])
def test_the_first_pages_run_as_they_stand(
    page: str, collector: CollectorProcess, project: str, tmp_path: Path
) -> None:
    run(page, collector, project, tmp_path)
    rows = Client(collector.url).traces(project=project, origin="all")
    assert "answer" in {row["name"] for row in rows}

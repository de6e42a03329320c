"""Examples whose frameworks bring many packages, in environments made for them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from example_programs import EXAMPLES, HOUSE, output, surroundings
from processes import CollectorProcess

from examples.openai_server import running
from tracer.client import Client

PACKAGES = {
    "langchain_rag": (
        "langchain-core",
        "langchain-openai",
        "numpy",
        "openinference-instrumentation-langchain",
    ),
    "llamaindex_rag": (
        "llama-index-core",
        "llama-index-llms-openai",
        "llama-index-embeddings-openai",
        "openinference-instrumentation-llama-index",
    ),
    "openai_agents": (
        "openai-agents",
        "openinference-instrumentation-openai-agents",
    ),
}
CACHE = Path(os.environ.get("EXAMPLES_CACHE", HOUSE / ".venv" / "examples")).absolute()
"""Where environments stay from run to run; `EXAMPLES_CACHE` names another folder."""


@pytest.fixture
def env(collector: CollectorProcess, tmp_path: Path) -> Iterator[dict[str, str]]:
    with running() as model_url:
        yield surroundings(collector.url, model_url, tmp_path)


def python_with(name: str, packages: Sequence[str]) -> Path:
    """Return the interpreter of an environment with tracer and these packages."""
    folder = CACHE / name
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-e", HOUSE, *packages], check=True)
    return python


def told(name: str, env: dict[str, str], cwd: Path) -> str:
    """Run one of the examples in its environment."""
    python = python_with(name, PACKAGES[name])
    return output(python, "-m", f"examples.{name}", env=env, cwd=cwd)


def spans_of(collector: CollectorProcess, project: str) -> list[list[Any]]:
    """Return the spans of each trace of a project, the earliest first."""
    client = Client(collector.url)
    rows = client.traces(project=project, limit=None)
    return [client.trace(row["trace_id"]).spans for row in reversed(list(rows))]


@pytest.mark.parametrize(
    ("name", "project"),
    [("langchain_rag", "langchain"), ("llamaindex_rag", "llamaindex")],
)
def test_retrieval_and_model_hang_below_the_decorated_function(
    name: str,
    project: str,
    collector: CollectorProcess,
    env: dict[str, str],
    tmp_path: Path,
) -> None:
    printed = told(name, env, tmp_path)
    found = spans_of(collector, project)
    traces = [spans for spans in found if spans[0]["name"] == "answer"]
    assert len(traces) == 2
    for spans in traces:
        assert spans[0]["output"] in printed
        assert {"chain", "retriever", "llm"} <= {span["kind"] for span in spans}
        assert {span["user_id"] for span in spans} == {"ann"}
        [chat] = [span for span in spans if span["output_tokens"]]
        assert (chat["kind"], chat["model"]) == ("llm", "gpt-4o-mini")


def test_an_agents_tool_and_model_calls_hang_below_the_decorated_function(
    collector: CollectorProcess, env: dict[str, str], tmp_path: Path
) -> None:
    printed = told("openai_agents", env, tmp_path)
    assert "Friday" in printed
    [spans] = spans_of(collector, "openai-agents")
    assert spans[0]["name"] == "answer"
    assert {"agent", "tool", "llm"} <= {span["kind"] for span in spans}
    assert {span["user_id"] for span in spans} == {"ann"}
    [score] = Client(collector.url).scores(project="openai-agents")
    assert (score["name"], score["value"]) == ("says_when", True)


def test_vercels_sdk_sends_a_tool_call_and_a_streamed_answer_in_one_trace(
    collector: CollectorProcess, env: dict[str, str], tmp_path: Path
) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is missing")
    folder = CACHE / "vercel_ai"
    shutil.copytree(EXAMPLES / "vercel_ai", folder, dirs_exist_ok=True)
    output("npm", "install", "--no-audit", "--no-fund", env=env, cwd=folder)
    assert "Friday" in output("node", "chat.mjs", env=env, cwd=folder)
    [spans] = spans_of(collector, "vercel-ai")
    assert spans[0]["name"] == "answer"
    assert {"tool", "llm"} <= {span["kind"] for span in spans}
    [row] = Client(collector.url).traces(project="vercel-ai")
    assert (row["user_id"], row["session_id"], row["tags"]) == (
        "ann",
        "morning",
        ["node"],
    )
    [score] = Client(collector.url).scores(project="vercel-ai")
    assert (score["name"], score["trace_id"]) == ("helpful", row["trace_id"])

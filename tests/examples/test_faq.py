"""One CSV evaluated in a notebook, in pytest and by the gate of a workflow's steps."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from example_programs import EXAMPLES, output
from processes import CollectorProcess

from tracer.client import Client

FAQ = EXAMPLES / "faq"
WORKFLOW: Any = yaml.safe_load((FAQ / "evaluation.yml").read_text("utf-8"))
STEPS = {step.get("name"): step for step in WORKFLOW["jobs"]["gate"]["steps"]}
OUR_PLUGIN_ALONE = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_PLUGINS": "tracer.pytest_plugin",
}
"""What else is installed here takes seconds to load."""

CAREFUL = "Answer politely, with every fact, in the customer's language."


@pytest.fixture
def checkouts(tmp_path: Path) -> Path:
    """What is proposed and what it is measured against, whose prompt is worse."""
    for name in ("head", "base"):
        shutil.copytree(FAQ, tmp_path / name / "evals")
    app = tmp_path / "base" / "evals" / "app.py"
    text = app.read_text("utf-8")
    assert CAREFUL in text
    app.write_text(text.replace(CAREFUL, "Answer briefly."), "utf-8")
    return tmp_path


def step(name: str, checkouts: Path, env: dict[str, str]) -> str:
    """Run a step of the workflow as its runner does."""
    found = STEPS[name]
    return output(
        *("bash", "-e", "-c", found["run"]),
        env=env | {"GITHUB_STEP_SUMMARY": str(checkouts / "summary.md")},
        cwd=checkouts / found.get("working-directory", ""),
    )


def test_the_steps_of_the_workflow_let_a_better_prompt_pass(
    checkouts: Path, env: dict[str, str], project: str
) -> None:
    env = env | OUR_PLUGIN_ALONE | {"TRACER_PROJECT": project}
    assert "1 passed" in step("Test", checkouts, env)
    step("Evaluate both", checkouts, env)
    assert "passes: 1 of 1 shown" in step("Gate", checkouts, env)
    step("Show the report", checkouts, env)
    assert "mentions" in (checkouts / "summary.md").read_text("utf-8")
    assert "<testsuite" in (checkouts / "gate.xml").read_text("utf-8")


def test_the_notebook_runs_from_its_first_cell_to_its_last(
    collector: CollectorProcess, env: dict[str, str], tmp_path: Path
) -> None:
    shutil.copytree(FAQ, tmp_path / "faq")
    at = tmp_path / "faq" / "eval_loop.ipynb"
    output("jupyter-execute", "--inplace", at, env=env, cwd=tmp_path)
    cells = json.loads(at.read_text("utf-8"))["cells"]
    printed = json.dumps([cell.get("outputs") for cell in cells], ensure_ascii=False)
    assert "mentions" in printed
    runs = Client(collector.url).evaluations(project="faq-notebook")
    assert {(run["name"], run["status"]) for run in runs} == {
        ("faq-brief", "done"),
        ("faq-careful", "done"),
    }
    assert {(run["n_examples"], run["n_predictions"]) for run in runs} == {(20, 60)}


def test_the_notebook_is_kept_without_what_it_printed() -> None:
    cells = json.loads((FAQ / "eval_loop.ipynb").read_text("utf-8"))["cells"]
    assert [cell["outputs"] for cell in cells if "outputs" in cell] == [[]] * 5

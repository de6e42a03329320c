"""The files for GitHub and for compose fit the schemas that both publish."""

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
CHECKED = {
    "examples/faq/evaluation.yml": "vendor.github-workflows",
    "deploy/compose.yaml": "vendor.compose-spec",
}


def refusal(file: Path, schema: str) -> str:
    """Return why a file does not fit, empty if it does; nothing is fetched."""
    command = ["-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize(("path", "schema"), CHECKED.items())
def test_a_file_fits_the_schema_of_whoever_reads_it(path: str, schema: str) -> None:
    assert refusal(HOUSE / path, schema) == ""


def test_a_workflow_that_github_would_not_take_is_found(tmp_path: Path) -> None:
    text = (HOUSE / "examples/faq/evaluation.yml").read_text("utf-8")
    broken = tmp_path / "evaluation.yml"
    broken.write_text(text.replace("runs-on:", "runs-in:"), "utf-8")
    assert "runs-on" in refusal(broken, "vendor.github-workflows")

"""What a notebook shows: one kernel runs all cells, each test looks at one."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = {
    "begin": "import tracer",
    "bar": "tracer.Evaluation([{'x': n} for n in range(3)], name='p').run(abs)",
    "answers": "tracer.Dataset([{'x': 1}]).generate('response', abs)",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return cell to what its reader sees below it: text, and HTML if there is any."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    away = {
        "TRACER_ENDPOINT": "http://127.0.0.1:9",
        "TRACER_SPOOL_DIR": str(tmp_path_factory.mktemp("spool")),
        "TRACER_TIMEOUT_S": "1",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in away.items():
            environment.setenv(name, value)
        NotebookClient(nbformat.v4.new_notebook(cells=cells), timeout=60).execute()
    return {
        name: "".join(map(_shown, cell.outputs))
        for name, cell in zip(CELLS, cells, strict=True)
    }


def _shown(output: nbformat.NotebookNode) -> str:
    if output.output_type == "stream":
        return str(output.text)
    return "".join(map(str, output.data.values()))


def test_a_cell_shows_how_far_a_run_is(shown: dict[str, str]) -> None:
    assert "p-2" in shown["bar"] and "100%|" in shown["bar"]
    assert "3/3" in shown["bar"]


def test_a_cell_shows_how_many_answers_a_dataset_has(shown: dict[str, str]) -> None:
    assert "response: 100%|" in shown["answers"]

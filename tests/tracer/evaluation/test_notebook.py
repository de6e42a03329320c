"""What a notebook shows: one kernel runs all cells, each test looks at one."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = {
    "begin": "import tracer",
    "bar": "tracer.Evaluation([{'x': n} for n in range(3)], name='p').run(abs)",
    "logger": "log = tracer.EvaluationLogger('<b>', 'm<1')\nlog",
    "prediction": "log.log_prediction({'q': 1}, 'a', example_id='<i>')",
    "score": "log.log_prediction({'q': 2}, 'a').log_score('<right>', True)",
    "answers": "tracer.Dataset([{'x': 1}]).generate('response', abs)",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return cell to what its reader sees below it: text."""
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
    """Return what stands below a cell: text alone, which nobody takes for HTML."""
    if output.output_type == "stream":
        return str(output.text)
    assert set(output.data) == {"text/plain"}
    return str(output.data["text/plain"])


def test_a_cell_shows_how_far_a_run_is(shown: dict[str, str]) -> None:
    assert "p-2" in shown["bar"] and "100%|" in shown["bar"]
    assert "3/3" in shown["bar"]


def test_a_cell_shows_a_logger_as_its_scores_and_their_parts_in_a_line(
    shown: dict[str, str],
) -> None:
    head, scores = shown["logger"].splitlines()
    assert head.startswith("<b>-2") and head.endswith(" · m<1 · 0 predictions · open")
    assert scores == "no scores"
    assert (
        shown["prediction"] == "<Prediction of example <i>, trial 0: open, no scores>"
    )
    assert shown["score"].startswith("<ScoreBlock '<right>' of <Prediction of example ")


def test_a_cell_shows_how_many_answers_a_dataset_has(shown: dict[str, str]) -> None:
    assert "response: 100%|" in shown["answers"]

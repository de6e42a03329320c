"""The examples of docs/datasets.md and docs/importing.md."""

import re
from pathlib import Path
from typing import Any

import pytest
from processes import CollectorProcess, wait_until

import tracer
from tracer.client import Client

DOCS = Path(__file__).parents[4] / "docs"


def examples(page: str) -> list[str]:
    text = (DOCS / page).read_text("utf-8")
    return re.findall(r"^ *```python\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)


def test_examples_of_the_page_of_datasets_run_in_order(
    collector: CollectorProcess,
    project: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACER_ENDPOINT", collector.url)
    names: dict[str, Any] = {}
    for example in examples("datasets.md"):
        exec(example.replace('"my-app"', repr(project)), names)
    said = capsys.readouterr().out
    assert "1 added, 0 removed, 0 changed, 2 unchanged" in said
    assert (tmp_path / "faq.jsonl").exists()


def test_a_filter_makes_rows_of_stored_calls_each_input_once(
    collector: CollectorProcess, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracer.configure(endpoint=collector.url, project=project)

    @tracer.trace
    def answer(question: str) -> str:
        return question.upper()

    for question in ("a", "b", "a"):
        answer(question)
    tracer.flush()
    client = Client(collector.url)
    wait_until(lambda: len(client.spans(project=project)) == 3)
    where = [("name", "=", "answer")]
    found = tracer.Dataset.from_filter(where, project=project, client=client)
    assert sorted((one.inputs["question"], one.output) for one in found) == [
        ("a", "A"),
        ("b", "B"),
    ]
    newest = client.spans(project=project, limit=1)[0]
    kept = {one.inputs["question"]: one.source for one in found}
    assert kept["a"]["span_id"] == newest["span_id"]
    tracer.shutdown()


def test_rows_from_a_renamed_file_are_no_new_version(
    collector: CollectorProcess, project: str, tmp_path: Path
) -> None:
    client = Client(collector.url)
    for name, text in (
        ("old", '{"q": 1}\n{"q": 2}\n'),
        ("new", '\n{"q": 1}\n{"q": 2}'),
    ):
        (tmp_path / name).write_text(text)
        dataset = tracer.Dataset.from_jsonl(tmp_path / name)
        saved = client.save_dataset("faq", dataset.rows, project=project)
        assert saved["version"] == dataset.version
    stored = client.dataset("faq", project=project)
    assert stored.row["n_versions"] == 1
    assert stored.rows[1]["source"] == {"file": "old", "line": 2}


def test_examples_of_the_page_of_importing_can_be_defined() -> None:
    import textwrap

    names: dict[str, Any] = {}
    for example in examples("importing.md"):
        exec(textwrap.dedent(example), names)
    assert callable(names["export_evals"]) and callable(names["take_over"])

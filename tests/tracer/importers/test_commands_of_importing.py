"""`tracer import …` against a real collector: what is told, stored, and not doubled."""

import json
from pathlib import Path
from typing import Any

import importer_exports
import openai
import pytest
from click.testing import CliRunner, Result
from importer_exports import OTHER, TRACE
from processes import CollectorProcess, wait_until

import tracer
from examples.openai_server import running
from tracer._commands import commands
from tracer.client import Client
from tracer.importers import Found
from tracer.importers._found import ImportedSpan
from tracer.importers._saving import save


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url)


@pytest.fixture
def exports(tmp_path: Path) -> list[str]:
    """Langfuse's objects, one file a kind."""
    paths = []
    for kind, objects in importer_exports.langfuse().items():
        path = tmp_path / f"{kind}.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in objects), "utf-8")
        paths.append(str(path))
    return paths


def run(client: Client, project: str, *arguments: str) -> Result:
    place = ["--project", project, "--collector", client.endpoint]
    return CliRunner().invoke(commands, ["import", *arguments, *place])


def state(client: Client, project: str) -> dict[str, Any]:
    """Return everything that a project holds, as people read it."""
    runs = client.evaluations(project=project, since="2000-01-01")
    found = client.evaluation("run-1", project=project)
    predictions = found.predictions()
    traces = client.traces(project=project, since="2000-01-01", origin="all")
    dataset = client.dataset("faq", project=project)
    return {
        "runs": runs,
        "predictions": predictions,
        "summary": {name: (one.n, one.mean) for name, one in found.summary.items()},
        "traces": traces,
        "spans": [
            client.trace(row["trace_id"], project=project).spans for row in traces
        ],
        "scores": [
            {k: v for k, v in row.items() if k != "version_ns"}
            for row in client.scores(project=project, since="2000-01-01")
        ],
        "dataset": (dataset.version, list(dataset.rows)),
    }


def test_what_was_imported_is_read_with_its_ids_and_twice_is_once(
    client: Client, project: str, exports: list[str]
) -> None:
    first = run(client, project, "langfuse", *exports)
    assert first.exit_code == 1  # one trace was not in the files
    assert "found of langfuse: 1 datasets, 2 examples, 1 runs, 2 predictions" in (
        first.output
    )
    assert "could not be read: 1" in first.output
    wait_until(lambda: len(client.scores(project=project, since="2000-01-01")) == 3)
    before = state(client, project)
    (row,) = before["runs"]
    assert (row["id"], row["display_name"], row["status"]) == (
        "run-1",
        "short prompt",
        "done",
    )
    assert (row["dataset"], row["n_predictions"], row["input_tokens"]) == ("faq", 2, 12)
    assert before["summary"] == {"correct": (1, 1.0), "points": (1, 0.5)}
    prediction = next(p for p in before["predictions"] if p["example_id"] == "item-1")
    assert (prediction["trace_id"], prediction["output"]) == (TRACE, "9시")
    (called,) = (
        s for s in client.trace(TRACE, project=project).spans if s["kind"] == "llm"
    )
    assert called["sender_cost_usd"] == 0.0221
    plain = client.trace(OTHER, project=project)
    assert plain.spans[0]["user_id"] == "u1"
    assert plain.row["scores"]["tone"]["label"] == "polite"

    second = run(client, project, "langfuse", *exports)
    assert f"dataset 'faq': {before['dataset'][0]}, as it was" in second.output
    after = state(client, project)
    for key, value in before.items():
        assert after[key] == value, key
    assert len(client.dataset_versions("faq", project=project)) == 1


def test_a_dry_run_stores_nothing(
    client: Client, project: str, exports: list[str]
) -> None:
    result = run(client, project, "langfuse", *exports, "--dry-run")
    assert "nothing was stored" in result.output
    assert client.datasets(project=project) == []
    assert client.evaluations(project=project, since="2000-01-01") == []


def test_a_collector_that_is_away_is_one_line(project: str, exports: list[str]) -> None:
    result = run(Client("http://127.0.0.1:9"), project, "langfuse", *exports)
    assert result.exit_code == 1
    assert "no collector answers at http://127.0.0.1:9" in result.output


def test_a_file_that_is_not_there_is_one_line(client: Client, project: str) -> None:
    result = run(client, project, "weave", "/nowhere.jsonl")
    assert result.exit_code == 1
    assert "/nowhere.jsonl: No such file" in result.output
    assert "Traceback" not in result.output


def test_secrets_are_taken_out_on_the_way(
    client: Client, project: str, tmp_path: Path
) -> None:
    (first, _), path = importer_exports.langfuse()["traces"], tmp_path / "one.json"
    secret = first | {"observations": [], "input": {"api_key": "sk-very-secret"}}
    path.write_text(json.dumps(secret))
    assert run(client, project, "langfuse", str(path)).exit_code == 0
    (span,) = client.trace(TRACE, project=project).spans
    assert "sk-very-secret" not in str(span["input"])


def test_stored_completions_are_read_by_the_real_client(
    client: Client, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running() as base_url:
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
        with openai.OpenAI() as asked:
            for number in range(23):  # more than a page
                made = asked.chat.completions.create(
                    model="gpt-4o-mini",
                    messages=[{"role": "user", "content": f"수도 {number}?"}],
                    store=True,
                    metadata={"team": "support" if number else "other"},
                )
        arguments = ("--metadata", "team=support", "--dataset", "stored")
        result = run(client, project, "openai-stored", *arguments)
        assert result.exit_code == 0, result.output
        again = run(client, project, "openai-stored", *arguments)
    assert "22 examples" in result.output
    assert "as it was" in again.output
    spans = client.spans(project=project, since="2000-01-01")
    assert len(spans) == 22
    assert {row["model"] for row in spans} == {"gpt-4o-mini"}
    assert all(row["input_tokens"] for row in spans)
    rows = {row["id"]: row for row in client.dataset("stored", project=project).rows}
    last = rows[made.id]
    assert last["inputs"] == {"messages": [{"role": "user", "content": "수도 22?"}]}
    assert last["output"] == made.choices[0].message.content
    span = client.trace(last["source"]["trace_id"], project=project).spans[0]
    assert span["attributes"]["gen_ai.response.id"] == made.id
    assert span["metadata"]["team"] == "support"
    assert span["messages"][0]["parts"][0]["content"] == "수도 22?"


def test_stored_completions_of_an_api_that_refuses_are_one_line(
    client: Client, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running() as base_url:
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "wrong-key")
        result = run(client, project, "openai-stored")
    assert result.exit_code == 1
    assert "the OpenAI API: Error code: 401" in result.output


@pytest.mark.parametrize(
    ("system", "text", "said"),
    [
        ("langfuse", "", "empty.json: the file is empty"),
        ("weave", "\n", "empty.json: the file is empty"),
        ("phoenix", "[]", "there is nothing of phoenix in what was given"),
        ("openai-evals", "[]", "there is nothing of openai-evals in what was given"),
    ],
)
def test_a_file_with_nothing_in_it_is_no_success(
    client: Client, tmp_path: Path, system: str, text: str, said: str
) -> None:
    path = tmp_path / "empty.json"
    path.write_text(text)
    done = run(client, "nothing", system, str(path), "--dry-run")
    assert done.exit_code == 1
    assert said in done.output


def test_what_is_old_is_told_with_the_page_and_the_period_that_show_it(
    client: Client,
    project: str,
    exports: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Runs of last year were in no period that the dashboard offers."""
    monkeypatch.setenv("TRACER_DASHBOARD_URL", "https://look.example/")
    told = run(client, project, "langfuse", *exports).output.splitlines()[-1]
    assert told == (
        "from 2026-10-01 to 2026-10-01: https://look.example/evaluations?"
        f"project={project}&range=2026-10-01T09:00Z..2026-10-01T09:01Z"
    )


def test_large_metadata_does_not_overrun_the_queue(
    client: Client, project: str
) -> None:
    tracer.configure(endpoint=client.endpoint, max_queue_bytes=1 << 20)
    spans = [
        ImportedSpan(
            trace_id=f"{number:032x}",
            span_id=f"{number:016x}",
            name="old",
            start_ns=10**18,
            end_ns=10**18,
            metadata={"page": "글" * 50_000},
        )
        for number in range(1, 31)
    ]
    try:
        found = Found(system="langfuse", spans=spans)
        assert save(found, project=project, client=client).n_sent == 30
    finally:
        tracer.shutdown()

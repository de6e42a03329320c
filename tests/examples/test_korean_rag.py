"""The Korean example is graded end to end, over real sockets, into a real collector."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from judging import PRICE
from processes import CollectorProcess

import tracer
from examples.korean_rag import HandbookBot, grade, questions
from examples.openai_server import running
from tracer.client import Client
from tracer.judges import JudgeModel

HOUSE = Path(__file__).parents[2]
CRITERIA = (
    *("answer_correctness", "context_relevance", "faithfulness", "context_recall"),
)


@pytest.fixture(scope="module")
def client() -> Iterator[openai.OpenAI]:
    with running() as url, openai.OpenAI(base_url=url, api_key="key") as client:
        yield client


def test_every_answer_gets_four_grades_a_total_and_its_reasons(
    client: openai.OpenAI, collector: CollectorProcess, project: str, tmp_path: Path
) -> None:
    tracer.configure(endpoint=collector.url, project=project)
    bot = HandbookBot(tracer.wrap_openai(client))
    judge = JudgeModel(
        "gpt-4o-mini", client=client, price=PRICE, cache=tmp_path / "kept.sqlite"
    )
    result = grade(bot, judge)
    assert result.n_failed == 0
    for name in (*CRITERIA, "total"):
        assert result.summary[f"rag.{name}"].n == len(questions())
    for row in result.rows:
        grades = [row.scores["rag"][name] for name in CRITERIA]
        assert all(1 <= grade <= 5 for grade in grades)
        assert row.scores["rag"]["total"] == sum(grades) <= 20
    tracer.flush()
    run = Client(collector.url).evaluation(result.evaluation_id, project=project)
    judged = [row for row in run.scores(limit=None) if row["source"] == "model"]
    assert {row["author"] for row in judged} == {
        "rag@1:gpt-4o-mini",
        "faithfulness@1:gpt-4o-mini",
    }
    assert all(row["explanation"] for row in judged)
    used = run.row["input_tokens"]
    assert 0 < used and 0 < judge.spending.input_tokens
    spans = Client(collector.url).spans(
        project=project,
        origin="evaluation",
        limit=None,
        where=[("kind", "in", ["llm", "embedding"])],
    )
    all_tokens = sum(span["input_tokens"] for span in spans)
    assert all_tokens - used == judge.spending.input_tokens


def test_what_the_handbook_does_not_know_gets_fewer_points(
    client: openai.OpenAI,
) -> None:
    judge = JudgeModel("gpt-4o-mini", client=client)
    result = grade(HandbookBot(client), judge)
    totals = {row.example_id: row.scores["rag"]["total"] for row in result.rows}
    unknown = totals.pop("stock")
    assert unknown < min(totals.values())


def test_a_second_run_pays_nothing_for_what_was_judged_before(
    client: openai.OpenAI, tmp_path: Path
) -> None:
    outputs = {one.id: HandbookBot(client).predict(**one.inputs) for one in questions()}

    def bot(question: str) -> dict[str, object]:
        [found] = [
            outputs[one.id] for one in questions() if one.inputs["question"] == question
        ]
        return found

    spent = []
    for _ in range(2):
        judge = JudgeModel("gpt-4o-mini", client=client, cache=tmp_path / "kept.sqlite")
        grade(bot, judge)
        spent.append(judge.spending)
    assert spent[0].n_requests > 0 == spent[1].n_requests
    assert spent[1].n_cached == spent[0].n_requests + spent[0].n_cached


def test_the_example_runs_as_its_page_says(
    collector: CollectorProcess, tmp_path: Path
) -> None:
    environment = {
        key: value for key, value in os.environ.items() if key != "OPENAI_API_KEY"
    }
    done = subprocess.run(
        [sys.executable, "-m", "examples.korean_rag"],
        env=environment | {"TRACER_ENDPOINT": collector.url, "PYTHONPATH": str(HOUSE)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("rag.answer_correctness", "rag.total", "faithfulness", "Spending("):
        assert word in done.stdout
    assert "python -m examples.korean_rag" in (
        HOUSE / "examples" / "korean_rag" / "README.md"
    ).read_text("utf-8")

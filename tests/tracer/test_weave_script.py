"""A script as people write it for Weave runs with nothing but its import changed."""

import os
import subprocess
import sys
from typing import Any

import pytest
from processes import CollectorProcess

from examples.openai_server import running
from tracer.client import Client

SCRIPT = """
import asyncio
import json
import os

import openai
import weave

client = weave.init("our-team/고객 지원")

questions = [
    {"id": "q1", "question": "영업시간은 어떻게 되나요?", "target": "9시"},
    {"id": "q2", "question": "환불은 언제 되나요?", "target": "7일"},
    {"id": "q3", "question": "Where are you?", "target": "Seoul"},
]
dataset = weave.Dataset(name="고객 질문", rows=questions)
published = weave.publish(dataset)


class SupportModel(weave.Model):
    model_name: str
    system_prompt: str

    @weave.op()
    async def predict(self, question: str) -> dict:
        reply = await openai.AsyncOpenAI().chat.completions.create(
            model=self.model_name,
            messages=[
                {"role": "system", "content": self.system_prompt},
                {"role": "user", "content": question},
            ],
        )
        return {"answer": reply.choices[0].message.content}


@weave.op()
def has_answer(target: str, output: dict) -> dict:
    return {"given": bool(output["answer"]), "words": len(output["answer"].split())}


class Judge(weave.Scorer):
    model_name: str

    @weave.op
    def score(self, output: dict, question: str) -> dict:
        reply = openai.OpenAI().chat.completions.create(
            model=self.model_name,
            messages=[{"role": "user", "content": f"Rate: {question} {output}"}],
        )
        return {"친절함": len(reply.choices[0].message.content) > 0}

    @weave.op
    def summarize(self, score_rows: list) -> dict:
        return {"kind": sum(row["친절함"] for row in score_rows)}


model = SupportModel(model_name="gpt-4o-mini", system_prompt="짧게 답하세요.")
evaluation = weave.Evaluation(
    name="지원 평가!",
    evaluation_name="첫 실행 (gpt-4o)",
    dataset=weave.ref(published.uri()).get(),
    scorers=[has_answer, Judge(model_name="gpt-4o")],
    trials=2,
)
with weave.attributes({"branch": "main"}):
    summary = asyncio.run(evaluation.evaluate(model))
print(json.dumps(summary, ensure_ascii=False))
assert type(summary) is dict and set(summary["model_latency"]) == {"mean"}

one = asyncio.run(evaluation.predict_and_score(model, questions[0]))
assert set(one) == {"output", "scores", "model_latency"}, one

log = weave.ImperativeEvaluationLogger(
    name="직접 기록",
    model={"name": "gpt-4o-mini (v2)", "temperature": 0},
    dataset=questions,
    eval_attributes={"누가": "민수"},
    scorers=["정확도", "a-b", "ab"],
)
for row in questions:
    with log.log_prediction(inputs={"question": row["question"]}) as prediction:
        reply = openai.OpenAI().chat.completions.create(
            model="gpt-4o-mini", messages=[{"role": "user", "content": row["question"]}]
        )
        prediction.output = reply.choices[0].message.content
        prediction.log_score("정확도", row["target"] in prediction.output)
        prediction.log_score(scorer="a-b", score=1)
        prediction.log_score(scorer={"name": "ab"}, score=0)
        with prediction.log_score("judge") as score:
            score.value = 0.5
log.set_view("보고서", weave.Content.from_text("# 결과\\n\\n좋음", extension="md"))
log.log_summary({"결론": "배포"})
print(log.ui_url)
"""


@pytest.fixture(scope="module")
def told(collector: CollectorProcess) -> Any:
    """What the script printed, and the client of where it sent."""
    changed = SCRIPT.replace("\nimport weave\n", "\nimport tracer.weave as weave\n")
    assert changed != SCRIPT
    with running() as base_url:
        done = subprocess.run(
            [sys.executable, "-c", changed],
            env=os.environ
            | {
                "TRACER_ENDPOINT": collector.url,
                "OPENAI_BASE_URL": base_url,
                "OPENAI_API_KEY": "none",
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines(), Client(collector.url)


def test_evaluate_answers_weaves_dictionary(told: Any) -> None:
    summary = told[0][0]
    assert '"given": {"true_count": 6, "true_fraction": 1.0}' in summary
    assert '"Judge": {"kind": 6}' in summary
    assert '"words": {"mean": ' in summary


def test_names_are_kept_verbatim(told: Any) -> None:
    runs = {run["name"]: run for run in told[1].evaluations(project="고객 지원")}
    assert set(runs) == {"지원 평가!", "직접 기록"}
    declared = told[1].evaluations(
        project="고객 지원", where=[("display_name", "=", "첫 실행 (gpt-4o)")]
    )
    assert [run["dataset"] for run in declared] == ["고객 질문"]
    own = told[1].evaluation(runs["직접 기록"]["id"])
    assert list(own.summary) == ["정확도", "a-b", "ab", "judge"]
    assert own.row["model"] == "gpt-4o-mini (v2)"
    assert own.row["metadata"]["누가"] == "민수"
    assert own.row["metadata"]["summary"] == {"결론": "배포"}
    assert [(v["name"], v["content"]) for v in own.views()] == [
        ("보고서", "# 결과\n\n좋음")
    ]


def test_model_calls_count_for_their_prediction_and_judges_apart(told: Any) -> None:
    (found,) = told[1].evaluations(
        project="고객 지원", where=[("display_name", "=", "첫 실행 (gpt-4o)")]
    )
    run = told[1].evaluation(found["id"])
    rows = run.predictions()
    assert [(row["example_id"], row["trial"]) for row in rows] == [
        (f"q{n}", trial) for n in (1, 2, 3) for trial in (0, 1)
    ]
    for row in rows:
        assert row["model"].startswith("gpt-4o-mini")
        assert row["input_tokens"] > 0 and row["judge_input_tokens"] > 0
        assert row["metadata"]["branch"] == "main"
    for total in ("input_tokens", "output_tokens", "judge_output_tokens"):
        assert run.row[total] == sum(row[total] for row in rows)


def test_dataset_is_published_as_it_was_written(told: Any) -> None:
    found = told[1].dataset("고객 질문", project="고객 지원")
    assert [row["id"] for row in found.rows] == ["q1", "q2", "q3"]
    assert found.rows[0]["inputs"]["question"] == "영업시간은 어떻게 되나요?"

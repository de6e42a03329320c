"""Traces with assessments, and tables of the new and the old evaluation of MLflow."""

import json
import sys
from pathlib import Path

import mlflow
import pandas
from mlflow.entities import AssessmentSource, Feedback
from mlflow.genai.scorers import scorer
from mlflow.metrics import MetricValue, make_metric

folder = Path(sys.argv[1])
out = folder / "out"
out.mkdir()
mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
mlflow.set_experiment("faq")


@mlflow.trace(span_type="RETRIEVER")
def search(question: str) -> list[dict]:
    return [{"page_content": "문은 9시에 엽니다", "metadata": {"doc_uri": "faq.md"}}]


@mlflow.trace(span_type="CHAIN", attributes={"k": 3})
def answer(question: str) -> str:
    mlflow.update_current_trace(
        tags={"branch": "main"},
        metadata={"mlflow.trace.user": "u1", "mlflow.trace.session": "s1"},
    )
    search(question)
    return "9시" if "시간" in question else "몰라요"


@mlflow.trace
def fails() -> None:
    raise LookupError("nothing found")


answer("영업시간은?")
mlflow.flush_trace_async_logging()
traced = mlflow.get_last_active_trace_id()
mlflow.log_feedback(
    trace_id=traced,
    name="helpful",
    value=True,
    rationale="짧고 맞다",
    source=AssessmentSource(source_type="HUMAN", source_id="kim"),
)
mlflow.log_feedback(trace_id=traced, name="tone", value="polite")
mlflow.log_expectation(trace_id=traced, name="expected_response", value="9시")
try:
    fails()
except LookupError:
    pass
mlflow.flush_trace_async_logging()
failed = mlflow.get_last_active_trace_id()
lines = [mlflow.get_trace(id).to_json() + "\n" for id in (traced, failed)]
(out / "traces.jsonl").write_text("".join(lines), "utf-8")


@scorer
def exact(outputs, expectations):
    return outputs == expectations["expected_response"]


@scorer
def length(outputs):
    return Feedback(value=len(outputs), rationale="counted")


data = [
    {
        "inputs": {"question": "영업시간은?"},
        "expectations": {"expected_response": "9시"},
    },
    {"inputs": {"question": "주소는?"}, "expectations": {"expected_response": "서울"}},
]
result = mlflow.genai.evaluate(data=data, predict_fn=answer, scorers=[exact, length])
frame = result.result_df
(out / "genai_results.json").write_text(
    frame.to_json(orient="records", force_ascii=False, default_handler=str), "utf-8"
)

table = pandas.DataFrame(
    {
        "question": ["영업시간은?", "주소는?"],
        "ground_truth": ["9시", "서울"],
        "outputs": ["9시", "몰라요"],
    }
)


def same(predictions, targets):
    scores = [float(a == b) for a, b in zip(predictions, targets, strict=True)]
    return MetricValue(scores=scores, justifications=["같다", "다르다"])


with mlflow.start_run():
    done = mlflow.models.evaluate(
        data=table,
        predictions="outputs",
        targets="ground_truth",
        extra_metrics=[make_metric(eval_fn=same, greater_is_better=True, name="same")],
    )
old = done.tables["eval_results_table"]
(out / "eval_results_table.json").write_text(
    json.dumps(json.loads(old.to_json(orient="split", index=False))), "utf-8"
)

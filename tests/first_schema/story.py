"""What a user of the first schema stored; `make.py` runs it with the code of then."""

import json
import sys
import time
from pathlib import Path

import urllib3

import tracer
from tracer.client import Client

PROJECT = "first"
ENDPOINT = sys.argv[1]
USAGE = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 200,
}


@tracer.trace(kind="retriever")
def search(question: str) -> list[str]:
    return [f"about {question}"]


@tracer.trace
def answer(question: str) -> str:
    documents = search(question)
    with tracer.span("chat gpt-4o", kind="llm", input=documents) as call:
        for key, value in USAGE.items():
            call.set_attribute(key, value)
        call.output = "환불은 7일 안에 됩니다."
    if "broken" in question:
        raise ValueError("no such order")
    return "환불은 7일 안에 됩니다."


def traffic() -> None:
    for number, question in enumerate(["refund?", "환불 되나요?", "broken order"]):
        with tracer.using(
            user_id=f"u{number % 2}",
            session_id="s1",
            tags=["beta"],
            metadata={"department": "accounting", "n": number},
        ):
            try:
                answer(question)
            except ValueError:
                continue
            with tracer.span("rated") as span:
                tracer.score("helpful", number == 0, comment="thumb", author="ann")
                tracer.score("tone", label="polite", source="model", author="judge")
                span.output = number


def evaluation() -> None:
    for model in ("small", "large"):
        rows = [{"question": name} for name in ("a", "b", "c")]
        with tracer.EvaluationLogger(
            name="faq", model=model, dataset="faq-v1", scorers=["correct"], trials=2
        ) as log:
            for row in rows:
                for trial in range(2):
                    with log.log_prediction(row, expected="A") as prediction:
                        prediction.output = answer(row["question"])
                        is_right = (model == "large") or trial == 0
                        prediction.log_score("correct", is_right, explanation="why")


def edits(client: Client) -> None:
    rows = [{"inputs": {"q": f"질문 {n}"}, "expected": str(n)} for n in range(3)]
    client.save_dataset("faq", rows, project=PROJECT, note="first", author="ann")
    client.save_dataset("faq", rows[:2], project=PROJECT, note="shorter", author="bob")
    client.save_view("v1", project=PROJECT, name="slow", page="traces", params={"a": 1})
    job = {
        "id": "j1",
        "project": PROJECT,
        "kind": "grade",
        "params": {"dataset": "faq"},
    }
    client.save_job(job | {"state": "done"})
    trace_id = client.traces(project=PROJECT, limit=1)[0]["trace_id"]
    for value in (1, 2):  # two versions of one score
        client.add_score("checked", value, project=PROJECT, trace_id=trace_id)
    gone = {"project": PROJECT, "trace_id": trace_id}
    client.add_score("taken back", 1, **gone)
    client.add_score("taken back", 1, deleted=True, **gone)


def wait_for_costs(client: Client) -> None:
    """The collector looks for prices of models that it has not met every 5 s."""
    for _ in range(120):
        if all(row["cost_usd"] for row in client.stats(project=PROJECT)):
            return
        time.sleep(1)
    raise SystemExit("no prices came")


def requests_of_others() -> None:
    """Send the two requests of `sent.json`, as bytes that a test can repeat."""
    sent = json.loads(Path(__file__).with_name("sent.json").read_text("utf-8"))
    for signal, request in sent.items():
        body = json.dumps(request).encode()
        headers = {"content-type": "application/json"}
        url = f"{ENDPOINT}/v1/{signal}"
        answered = urllib3.request("POST", url, body=body, headers=headers)
        assert answered.status == 200, answered.data


tracer.configure(project=PROJECT, endpoint=ENDPOINT)
traffic()
tracer.flush()
evaluation()
tracer.shutdown()
requests_of_others()
stored = Client(ENDPOINT)
edits(stored)
wait_for_costs(stored)

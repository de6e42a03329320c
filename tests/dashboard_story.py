"""A small life of an app, sent by the SDK to the URL and project that are named."""

import json
import sys

import tracer
from tracer import semconv

QUESTIONS = (
    "Where is my parcel?",
    "환불은 어떻게 받나요? 주문번호는 99182이고 지난주에 결제했습니다.",
    "<img src=x onerror=alert(1)> ![](http://192.0.2.1/a.png)",
    "Can I change my address?",
)
FAILING = "Why does it fail?"
earlier: list[str] = []
"""Trace ids of what was answered."""


@tracer.trace(kind="tool")
def lookup(question: str) -> str:
    if question == FAILING:
        raise TimeoutError("order service did not answer in 2 s")
    return "in transit"


@tracer.trace(kind="agent")
def answer(question: str) -> str:
    with tracer.span("chat test-model", kind="llm") as span:
        span.set_attribute(semconv.REQUEST_MODEL, "test-model")
        span.set_attribute(semconv.USAGE_INPUT_TOKENS, 100)
        span.set_attribute(semconv.USAGE_OUTPUT_TOKENS, 20)
        asked = [{"role": "user", "parts": [{"type": "text", "content": question}]}]
        said = [
            {
                "role": "assistant",
                "parts": [{"type": "text", "content": "Look under Orders."}],
                "finish_reason": "stop",
            }
        ]
        span.set_content(semconv.INPUT_MESSAGES, json.dumps(asked))
        span.set_content(semconv.OUTPUT_MESSAGES, json.dumps(said))
    earlier.append(tracer.current_span().trace_id)
    lookup(question)
    return "Look under Orders."


def serve() -> None:
    """Answer each question three times, and one that fails."""
    for number in range(12):
        with tracer.using(user_id=f"user-{number % 3}", metadata={"plan": "pro"}):
            answer(QUESTIONS[number % 4])
    try:
        answer(FAILING)
    except TimeoutError:
        return


def evaluate(run: str, *, passing: int, attached: str | None = None) -> None:
    """Log six examples, tried twice; the first `passing` pass always, the next once.

    A trace id attaches that trace to the very first prediction.
    """
    with tracer.EvaluationLogger(name="faq", display_name=run, model=run) as log:
        for example in range(6):
            for trial in range(2):
                inputs = {"question": f"{QUESTIONS[example % 4]} {example}"}
                with log.log_prediction(inputs, expected="yes") as prediction:
                    if attached and example == trial == 0:
                        prediction.attach(attached)
                    passed = example < passing or (example == passing and trial == 0)
                    prediction.output = "yes" if passed else "no"
                    prediction.log_score("correct", passed)
                    prediction.log_score("tone", 3.0 + example / 10)
        log.set_view("보고서 *1*", f"# {run}\n\n{QUESTIONS[2]}", extension="md")
        log.set_view("page", f"<h1>{run}</h1>", extension="html")


if __name__ == "__main__":
    url, project = sys.argv[1:]
    tracer.configure(endpoint=url, project=project)
    serve()
    evaluate("before", passing=2)
    evaluate("after", passing=4, attached=earlier[0])
    report = tracer.flush()
    sys.exit(str(report) if report.pending or report.dropped else 0)

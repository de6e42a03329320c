"""A script as people wrote it for Weave, as a type checker sees it; never run."""

from typing import Any, assert_type

from tracer import weave
from tracer._delivery import DeliveryReport
from tracer.evaluation import EvaluationResult, Prediction

weave.init("our-team/support", settings={"print_call_link": False})


@weave.op
def answer(question: str, k: int = 3) -> str:
    return question * k


@weave.op(name="search", kind="search", postprocess_output=len)
async def search(query: str) -> list[str]:
    return [query]


class Support(weave.Model):
    model_name: str
    temperature: float = 0.0

    @weave.op()
    def predict(self, question: str) -> str:
        return question


class Tone(weave.Scorer):
    least: int

    @weave.op
    def score(self, *, output: str) -> bool:
        return len(output) >= self.least


async def calling() -> None:
    assert_type(answer("q", k=1), str)
    assert_type(await search("q"), list[str])
    answer(3)  # type: ignore[arg-type]
    model = Support(model_name="gpt-4o-mini")
    assert_type(model.temperature, float)
    assert_type(model.predict("q"), str)
    Support()  # type: ignore[call-arg]
    with weave.attributes({"branch": "main"}), weave.thread("s1") as thread:
        assert_type(thread.thread_id, str | None)
        weave.get_current_call().metadata["n"] = 1
        weave.require_current_call().tags = ["a"]


async def evaluating(rows: list[dict[str, Any]]) -> None:
    dataset = weave.Dataset(name="faq", rows=rows)
    assert_type(dataset.rows, list[dict[str, Any]])
    assert_type(dataset.select([0, 2]), weave.Dataset)
    published = weave.publish(dataset, "faq")
    assert_type(published, weave.ObjectRef)
    assert_type(weave.ref(published.uri()), weave.ObjectRef)
    model = Support(model_name="gpt-4o-mini", temperature=0.5)
    evaluation = weave.Evaluation(
        dataset=dataset, scorers=[Tone(least=1)], trials=2, evaluation_name="first"
    )
    assert_type(await evaluation.evaluate(model), dict[str, Any])
    found = await evaluation.get_eval_results(model)
    assert_type(found, EvaluationResult)
    assert_type(await evaluation.summarize(found), dict[str, Any])
    assert_type(await evaluation.predict_and_score(model, rows[0]), dict[str, Any])
    assert_type(weave.evaluate(rows, model, [Tone(least=1)]), dict[str, Any])


def logging_by_hand(rows: list[dict[str, Any]]) -> None:
    log = weave.EvaluationLogger(name="faq", model="m", dataset=rows)
    weave.ImperativeEvaluationLogger(name="faq")
    prediction = log.log_prediction(rows[0], "an answer", row_digest="r1")
    assert_type(prediction, Prediction)
    prediction.log_score("correct", True)
    prediction.finish()
    log.set_view("report", weave.Content.from_text("# Hello", extension="md"))
    assert_type(log.log_summary({"note": "fine"}), dict[str, Any])


def prompts() -> None:
    text = weave.StringPrompt("Answer {question}")
    assert_type(text.format(question="q"), str)
    messages = weave.MessagesPrompt([{"role": "user", "content": "{question}"}])
    assert_type(messages.format(question="q"), list[dict[str, Any]])


def ending() -> None:
    worker = weave.Thread(target=answer, args=("q",))
    worker.start()
    with weave.ThreadPoolExecutor(max_workers=2) as pool:
        print(pool.submit(answer, "q").result())
    client = weave.get_client()
    if client is not None:
        assert_type(client.flush(), DeliveryReport)
    assert_type(weave.flush(), DeliveryReport)
    assert_type(weave.finish(), DeliveryReport)

"""Scripts written for Weave run with their import line changed."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import CollectorProcess

import tracer
from tracer import weave

SCRIPT = """
import asyncio
import tracer.weave as weave

weave.init("my-team/support bot")

@weave.op
def shout(text: str) -> str:
    return text.upper()

@weave.op(name="quiet", kind="tool", color="blue")
async def quiet(text: str) -> str:
    return text.lower()

class Bot(weave.Model):
    prompt: str
    temperature: float = 0.5

    @weave.op
    def predict(self, sentence: str) -> dict:
        return {"fruit": shout(sentence), "n": len(sentence)}

class Longer(weave.Scorer):
    limit: int

    @weave.op
    def score(self, target: str, output: dict) -> dict:
        return {"longer": output["n"] > self.limit, "length": output["n"]}

@weave.op()
def fruit_matches(target: str, output: dict) -> dict:
    return {"correct": target == output["fruit"]}

rows = [{"id": str(i), "sentence": f"사과 {i}", "target": "사과 1"} for i in range(4)]
dataset = weave.Dataset(name="fruits", rows=rows)
assert dataset.rows[0]["sentence"] == "사과 0"
evaluation = weave.Evaluation(
    dataset=dataset, scorers=[fruit_matches, Longer(limit=2)], name="fruit eval"
)
print(asyncio.run(evaluation.evaluate(Bot(prompt="p"))))

print(shout("a", __weave={"display_name": "한글 이름"}))
print(asyncio.run(quiet("B")))
with weave.attributes({"env": "test"}), weave.thread("s1"):
    shout("c")

log = weave.EvaluationLogger(name="imperative", model="gpt-4o", dataset=rows)
for row in rows:
    prediction = log.log_prediction(inputs=row, output="x")
    prediction.log_score(scorer="a-b", score=True)
    prediction.log_score(scorer="ab", score=0.5)
    with prediction.log_score(scorer="judge") as s:
        s.value = 1
    prediction.finish()
log.log_summary({"note": "끝"})
print({name: one.mean for name, one in log.summary.items()})
"""


def test_weave_script_runs_with_its_import_line_changed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=os.environ
        | {
            "TRACER_ENDPOINT": "http://127.0.0.1:9",  # nobody listens: it runs anyway
            "TRACER_SPOOL_DIR": str(tmp_path),
            "TRACER_TIMEOUT_S": "1",
            "TRACER_STRICT": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    summary, loud, low, means = done.stdout.splitlines()
    assert "'fruit_matches': {'correct': {'true_count': 1, 'true_fraction': 0.25}}" in (
        summary
    )
    assert "'longer': {'true_count': 4, 'true_fraction': 1.0}" in summary
    assert "'length': {'mean': 4.0}" in summary
    assert "'output': {'n': {'mean': 4.0}}" in summary
    assert "'model_latency': {'mean': " in summary
    assert (loud, low) == ("A", "b")
    assert means == "{'a-b': 1.0, 'ab': 0.5, 'judge': 1.0}"


def test_field_without_a_default_must_be_given() -> None:
    from tracer import weave

    class Bot(weave.Model):
        prompt: str
        temperature: float = 0.5

    with pytest.raises(TypeError, match=r"Bot\(\) needs 'prompt'"):
        Bot()  # type: ignore[call-arg]
    assert Bot(prompt="p").temperature == 0.5


def test_async_op_stays_one() -> None:
    from tracer import weave

    @weave.op
    async def ask(question: str) -> str:
        return question

    assert asyncio.iscoroutinefunction(ask)
    assert asyncio.run(ask("q")) == "q"


@pytest.mark.parametrize("given", [(), ("s1",)])
def test_thread_says_which_session_its_calls_belong_to(given: tuple[str, ...]) -> None:
    from tracer import semconv, testing, weave

    @weave.op
    def ask(question: str) -> str:
        return question

    with testing.capture() as captured:
        with weave.thread(*given) as first:
            ask("하나")
        with weave.thread(*given) as second:
            ask("둘")
        with weave.thread(None) as none:
            ask("셋")
    assert first.thread_id and none.thread_id is None
    assert (first.thread_id == second.thread_id) is bool(given)
    ids = [span.attributes.get(semconv.SESSION_ID) for span in captured.spans]
    assert ids == [first.thread_id, second.thread_id, None]


def test_op_call_brings_the_result_and_the_call() -> None:
    from tracer import testing, weave

    @weave.op(name="더하기")
    def add(a: int, b: int = 2) -> int:
        if a < 0:
            raise ValueError("below zero")
        return a + b

    @weave.op
    async def ask(question: str) -> str:
        return question * 2

    with testing.capture() as captured:
        result, call = add.call(1, b=3)
        lost, failed = add.call(-1)
        answer, asked = asyncio.run(ask.call("하나", __weave={"display_name": "묻기"}))
        with pytest.raises(ValueError, match="below zero"):
            add.call(-1, **{"__should_raise": True})
        with pytest.raises(TypeError, match="unexpected"):
            add.call(1, c=3)
    assert (result, call.output, call.exception) == (4, 4, None)
    assert (call.op_name, call.inputs) == ("더하기", {"a": 1, "b": 3})
    assert captured.spans[0].span_id == call.id
    assert captured.spans[0].trace_id == call.trace_id
    assert (lost, failed.output) == (None, None)
    assert failed.exception == "ValueError: below zero"
    assert (answer, asked.output) == ("하나하나", "하나하나")
    assert captured.span("묻기").span_id == asked.id


def test_op_call_of_a_generator_says_what_to_do() -> None:
    from tracer import weave

    @weave.op
    def count() -> Iterator[int]:
        yield 1

    with pytest.raises(TypeError, match="iterate what a generator op answers"):
        count.call()


def test_calls_of_an_op_are_read_from_the_collector(
    collector: CollectorProcess, project: str
) -> None:
    from tracer import weave

    @weave.op(name="grade")
    def grade(answer: str) -> int:
        return len(answer)

    tracer.configure(endpoint=collector.url, project=project)
    try:
        client = weave.get_client()
        assert client is not None and client.project == project
        grade("네")
        with pytest.raises(TypeError):
            grade(1)
        client.flush()
        second, first = list(grade.calls())
    finally:
        tracer.shutdown()
    assert (first.inputs, first.output, first.exception) == ({"answer": "네"}, 1, None)
    assert "has no len()" in str(second.exception)


def test_feedback_on_a_call_is_a_score_on_its_span(
    collector: CollectorProcess, project: str
) -> None:
    from tracer import weave

    @weave.op
    def ask(question: str) -> str:
        return question

    tracer.configure(endpoint=collector.url, project=project)
    try:
        _, call = ask.call("하나")
        call.feedback.add_reaction("👍", creator="kim")
        call.feedback.add_reaction("🎉", creator="kim")
        call.feedback.add_note("친절하다")
        call.feedback.add("correctness", {"value": 4, "why": "기한이 없다"})
        with pytest.raises(ValueError, match="use add_reaction or add_note"):
            call.feedback.add("wandb.note.1", {"note": "x"})
        tracer.flush()
        scores = tracer.Client(collector.url).scores(project=project)
        said = {
            (one["name"], one["value"], one["label"], one["explanation"])
            for one in scores
        }
        (graded,) = [one for one in scores if one["name"] == "correctness"]
    finally:
        tracer.shutdown()
    assert said == {
        ("reaction", 1.0, "👍", None),
        ("reaction", None, "🎉", None),
        ("note", None, None, "친절하다"),
        ("correctness", 4.0, None, None),
    }
    assert (graded["trace_id"], graded["span_id"]) == (call.trace_id, call.id)
    assert graded["metadata"] == {"why": "기한이 없다"}


def test_rows_of_a_dataset_can_be_selected() -> None:
    from tracer import weave

    dataset = weave.Dataset(name="faq", rows=[{"q": "하나"}, {"q": "둘"}, {"q": "셋"}])
    assert [row["q"] for row in dataset.select([2, 0])] == ["셋", "하나"]
    with pytest.raises(IndexError):
        dataset.select([3])


def test_dataset_does_what_every_dataset_does(tmp_path: Path) -> None:
    from tracer import evaluation, weave

    rows = [{"id": "a", "q": "하나 둘 셋"}, {"id": "b", "q": "하나 둘 셋!"}]
    dataset = weave.Dataset(name="faq", rows=rows)
    for form in ("jsonl", "csv", "parquet"):
        path = tmp_path / f"faq.{form}"
        getattr(dataset, f"to_{form}")(path)
        read = getattr(evaluation.Dataset, f"from_{form}")(path)
        assert [(one.id, one.inputs) for one in read] == [
            (row["id"], {"q": row["q"]}) for row in rows
        ]
    assert len(dataset.to_vertex()) == 2
    assert [one.ids for one in dataset.near_duplicates()] == [("a", "b")]
    assert list(dataset.split({"all": 1.0})["all"]) == rows


def test_prompts_fill_their_places() -> None:
    from tracer import weave

    prompt = weave.StringPrompt("{name}님, {{중괄호}}")
    assert prompt.format(name="김") == "김님, {중괄호}"
    assert weave.publish(prompt, name="hello").get() is prompt
    messages = weave.MessagesPrompt(
        [{"role": "system", "content": "{tone}"}, {"role": "user", "content": [1]}]
    )
    assert messages.format(tone="정중") == [
        {"role": "system", "content": "정중"},
        {"role": "user", "content": [1]},
    ]


def test_content_has_the_media_type_of_its_file_or_the_one_that_is_given(
    tmp_path: Path,
) -> None:
    (tmp_path / "report.md").write_text("# 결과", "utf-8")
    report = weave.Content.from_path(tmp_path / "report.md", metadata={"n": 1})
    assert (report.as_string(), report.mimetype) == ("# 결과", "text/markdown")
    assert report.metadata == {"n": 1}
    given = weave.Content.from_bytes(b"a,b", extension="md", mimetype="text/csv")
    assert (given.data, given.mimetype, given.metadata) == (b"a,b", "text/csv", {})
    assert weave.Content.from_text("a").mimetype == "text/plain"

"""Scripts written for Weave run with their import line changed."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

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

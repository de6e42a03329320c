"""The FastAPI example under uvicorn: one trace a request, from first word to thumb."""

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from example_programs import surroundings
from processes import CollectorProcess, wait_until

from tracer.client import Client

ANN = {"x-user": "ann", "x-session": "morning"}
QUESTION = "How long does delivery take?"


@dataclass(frozen=True)
class Told:
    """What was heard of the app before it was stopped."""

    answer: str
    """As it was streamed."""

    trace_id: str
    """As the header says."""

    console: str
    """What the app's own exporter wrote."""


@pytest.fixture(scope="module")
def told(
    collector: CollectorProcess,
    model_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Told:
    """Ask, give a thumb up, and stop the app in good order."""
    folder = tmp_path_factory.mktemp("shop")
    at = folder / "socket"
    served = [sys.executable, "-m", "uvicorn", "--uds", str(at)]
    with (folder / "console").open("w") as console:
        process = subprocess.Popen(
            [*served, "--log-level", "warning", "examples.fastapi_app:app"],
            env=surroundings(collector.url, model_url, folder),
            stdout=console,
        )
        try:
            wait_until(lambda: at.exists() or process.poll() is not None)
            answer, trace_id = _ask_and_thank(at)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    return Told(answer, trace_id, (folder / "console").read_text("utf-8"))


def _ask_and_thank(at: Path) -> tuple[str, str]:
    way = httpx.HTTPTransport(uds=str(at))
    with httpx.Client(transport=way, base_url="http://shop", headers=ANN) as client:
        asked = client.post("/ask", json={"question": QUESTION})
        trace_id = asked.headers["x-trace-id"]
        thanks = {"trace_id": trace_id, "helpful": True, "comment": "빨라요"}
        assert client.post("/feedback", json=thanks).status_code == 204
    return asked.text, trace_id


@pytest.fixture(scope="module")
def spans(told: Told, collector: CollectorProcess) -> dict[str, Any]:
    found = Client(collector.url).trace(told.trace_id, project="fastapi-app").spans
    return {span["name"]: span for span in found}


def test_a_streamed_answer_is_one_span_below_the_request(
    told: Told, spans: dict[str, Any]
) -> None:
    assert list(spans) == ["POST /ask", "answer", "chat gpt-4o-mini"]
    request, answer, chat = spans.values()
    assert request["parent_span_id"] is None
    assert answer["parent_span_id"] == request["span_id"]
    assert chat["parent_span_id"] == answer["span_id"]
    assert told.answer
    assert answer["input"] == {"question": QUESTION}
    assert answer["output"] == told.answer
    assert chat["output_tokens"] > 0


def test_whom_the_request_is_for_is_on_the_spans_of_the_stream(
    spans: dict[str, Any],
) -> None:
    for name in ("answer", "chat gpt-4o-mini"):
        assert (spans[name]["user_id"], spans[name]["session_id"]) == ("ann", "morning")


def test_what_the_user_thought_is_a_score_of_the_trace(
    told: Told, collector: CollectorProcess
) -> None:
    [score] = Client(collector.url).scores(project="fastapi-app")
    kept = {name: score[name] for name in ("trace_id", "name", "value", "author")}
    assert kept == {
        "trace_id": told.trace_id,
        "name": "helpful",
        "value": True,
        "author": "ann",
    }
    assert score["explanation"] == "빨라요"


def test_the_apps_own_exporter_sees_every_span_and_no_words(told: Told) -> None:
    for name in ("POST /ask", "answer", "chat gpt-4o-mini", "POST /feedback"):
        assert f"\n{name} " in f"\n{told.console}"
    assert QUESTION not in told.console
    assert told.answer not in told.console

"""One kind of traffic until a time is over; writes down what ended, apart from us.

``python traffic.py KIND SECONDS FOLDER [OPENAI_URL]``; the collector, the project and
the spool come from the environment. In the folder each process leaves ``PID.ended``
(a line for each span and score) and ``PID.report`` (what `tracer.shutdown` said).
"""

import json
import multiprocessing
import os
import random
import sys
import threading
import time
from dataclasses import asdict
from multiprocessing import util
from pathlib import Path

from opentelemetry import trace as otel
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor

import tracer

KIND, SECONDS, FOLDER, *REST = sys.argv[1:]
END_S = time.monotonic() + float(SECONDS)


class Witness(SpanProcessor):
    """Writes down every span that ended, with the system's own means."""

    def __init__(self) -> None:
        self._files: dict[int, int] = {}
        self._opening = threading.Lock()

    def on_end(self, span: ReadableSpan) -> None:
        context = span.get_span_context()
        assert context is not None
        self.write(f"span {context.trace_id:032x}{context.span_id:016x}")

    def write(self, line: str) -> None:
        pid = os.getpid()  # a fork has a file of its own
        if pid not in self._files:
            with self._opening:
                path = Path(FOLDER, f"{pid}-{time.time_ns()}.ended")
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
                self._files.setdefault(pid, os.open(path, flags))
        os.write(self._files[pid], f"{line}\n".encode())


witness = Witness()


def leave() -> None:
    """Shut down and put the report on record."""
    report = asdict(tracer.shutdown(10))
    path = Path(FOLDER, f"{os.getpid()}-{time.time_ns()}.report")
    path.write_text(json.dumps(report), "utf-8")


def leave_as_it_ends() -> None:
    """Put the report of a pool's worker on record, after its own last delivery."""
    util.Finalize(None, leave, exitpriority=-200)


@tracer.trace
def answer(question: str) -> str:
    """One call of an app: two spans and, now and then, a score."""
    with tracer.span("search", kind="retriever", input=question) as span:
        span.output = ["문서"] * 3
    if random.random() < 0.2:
        here = tracer.current_span()
        tracer.score("helpful", True, trace_id=here.trace_id, span_id=here.span_id)
        witness.write(f"score {here.trace_id}{here.span_id}")
    return question.upper()


def until_the_end(pause_s: float) -> None:
    """Call the app again and again."""
    while time.monotonic() < END_S:
        answer("where is my order? " * random.randint(1, 50))
        time.sleep(random.uniform(0, 2 * pause_s))


def threads() -> None:
    """Four threads of a long process, as a server has them."""
    workers = [threading.Thread(target=until_the_end, args=(0.04,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def forks() -> None:
    """A process that forks while its own threads are at work."""
    worker = threading.Thread(target=until_the_end, args=(0.05,))
    worker.start()
    while time.monotonic() < END_S:
        pid = os.fork()
        if pid == 0:
            for number in range(20):
                answer(f"child {number}")
            leave()
            os._exit(0)
        until = min(END_S, time.monotonic() + 1)
        while time.monotonic() < until:
            answer("parent")
            time.sleep(0.05)
        assert os.waitpid(pid, 0)[1] == 0
    worker.join()


def pool() -> None:
    """Workers of multiprocessing that live for a few tasks each."""
    context = multiprocessing.get_context("fork")
    while time.monotonic() < END_S:
        with context.Pool(2, leave_as_it_ends, maxtasksperchild=5) as workers:
            workers.map(answer, ["task"] * 40, chunksize=1)
            workers.close()
            workers.join()
        time.sleep(1)


def script() -> None:
    """A short script: it ends at once."""
    for number in range(10):
        answer(f"script {number}")


def streams() -> None:
    """Streamed calls of the OpenAI client."""
    import openai

    with tracer.wrap_openai(openai.OpenAI(base_url=REST[0], api_key="k")) as client:
        while time.monotonic() < END_S:
            chunks = client.chat.completions.create(
                model="gpt-4o-mini",
                messages=[{"role": "user", "content": "Where is A-1234?"}],
                stream=True,
            )
            for _ in chunks:
                pass
            time.sleep(random.uniform(0, 0.1))


if __name__ == "__main__":
    tracer.configure(service=KIND)
    witness.write("")  # forks would share a lock that a thread holds
    otel.get_tracer_provider().add_span_processor(witness)  # type: ignore[attr-defined]
    {
        "threads": threads,
        "forks": forks,
        "pool": pool,
        "script": script,
        "streams": streams,
    }[KIND]()
    leave()

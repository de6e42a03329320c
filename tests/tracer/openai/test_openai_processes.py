"""Calls of real programs: their last streams, their forks, what others see of them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from otlp_sink import OtlpSink, plain

HOUSE = Path(__file__).parents[3]

BEGIN = """
import weakref
class Early: ...
early = Early()
weakref.finalize(early, print)  # finalisers run at exit, in an order of their own

import os, sys
import openai, tracer
tracer.configure(endpoint=sys.argv[1], project="exit", flush_after_s=60)
client = tracer.wrap_openai(openai.OpenAI(base_url=sys.argv[2], api_key="key"))
ask = dict(model="gpt-4o-mini", messages=[{"role": "user", "content": "hi"}])
"""
OPEN_AT_EXIT = """
stream = client.chat.completions.create(**ask, stream=True)
for chunk in stream:
    if chunk.choices[0].delta.content:
        break
"""
FORKED = """
stream = client.chat.completions.create(**ask, stream=True)
next(stream)
child = os.fork()
if child == 0:
    client.with_options(timeout=5).embeddings.create(
        model="text-embedding-3-small", input="from the child"
    )
    sys.exit()
os.waitpid(child, 0)
list(stream)
"""


def run(
    program: str, sink: OtlpSink, base_url: str, tmp_path: Path, *, code: int = 0
) -> None:
    """Run a program to its end; it must not print or complain."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + program, sink.url, base_url],
        cwd=HOUSE,
        env={**os.environ, "TRACER_SPOOL_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.skipif(
    sys.version_info[:3] == (3, 13, 0),
    reason="CPython 3.13.0 crashes at exit with an open stream, wrapped or not",
)
def test_a_stream_left_open_at_exit_is_sent_with_what_had_come(
    sink: OtlpSink, base_url: str, tmp_path: Path
) -> None:
    run(OPEN_AT_EXIT, sink, base_url, tmp_path)

    assert sink.accepted_names == ["chat gpt-4o-mini"]
    [span] = sink.accepted[0].traces.resource_spans[0].scope_spans[0].spans
    attributes = plain(span.attributes)
    assert span.kind == span.SPAN_KIND_CLIENT
    assert attributes["gen_ai.response.finish_reasons"] == ["error"]
    assert '"role":"assistant"' in attributes["gen_ai.output.messages"]


SIGNALLED = """
import signal
stream = client.chat.completions.create(**ask, stream=True)
for chunk in stream:
    if chunk.choices[0].delta.content:
        break
os.kill(os.getpid(), signal.SIGTERM)
"""
SIGNALLED_ASYNC = """
import asyncio, signal
client = tracer.wrap_openai(openai.AsyncOpenAI(base_url=sys.argv[2], api_key="key"))

async def main():
    stream = await client.chat.completions.create(**ask, stream=True)
    async for chunk in stream:
        if chunk.choices[0].delta.content:
            os.kill(os.getpid(), signal.SIGTERM)

asyncio.run(main())
"""
IN_A_WORKER = """
import multiprocessing

def work():
    global stream
    stream = client.chat.completions.create(**ask, stream=True)
    for chunk in stream:
        if chunk.choices[0].delta.content:
            break

worker = multiprocessing.get_context("fork").Process(target=work)
worker.start()
worker.join()
"""


@pytest.mark.parametrize(
    ("program", "code"),
    [
        (SIGNALLED, -signal.SIGTERM),
        (SIGNALLED_ASYNC, -signal.SIGTERM),
        (IN_A_WORKER, 0),
    ],
    ids=["signal", "asynchronous", "worker"],
)
def test_a_stream_that_a_signal_or_a_workers_end_leaves_open_is_sent_with_what_had_come(
    sink: OtlpSink, base_url: str, tmp_path: Path, program: str, code: int
) -> None:
    """No exit handler runs there, and only exit handlers ended it."""
    run(program, sink, base_url, tmp_path, code=code)

    assert sink.accepted_names == ["chat gpt-4o-mini"]
    [span] = sink.accepted[0].traces.resource_spans[0].scope_spans[0].spans
    attributes = plain(span.attributes)
    assert '"role":"assistant"' in attributes["gen_ai.output.messages"]


def test_a_stream_open_at_a_fork_is_recorded_once_by_its_parent(
    sink: OtlpSink, base_url: str, tmp_path: Path
) -> None:
    run(FORKED, sink, base_url, tmp_path)

    assert sorted(sink.accepted_names) == [
        "chat gpt-4o-mini",
        "embeddings text-embedding-3-small",
    ]


SPAWNING = """
import multiprocessing, sys
import openai, tracer

def ask(endpoint, base_url, stream):
    tracer.configure(endpoint=endpoint, project="spawn", flush_after_s=60)
    tracer.instrument_openai()
    create = openai.OpenAI(base_url=base_url, api_key="key").chat.completions.create
    messages = [{"role": "user", "content": "hi"}]
    answered = create(model="gpt-4o-mini", messages=messages, stream=stream)
    if stream:
        list(answered)

if __name__ == "__main__":
    ask(sys.argv[1], sys.argv[2], True)
    started = multiprocessing.get_context(sys.argv[3])
    child = started.Process(target=ask, args=(sys.argv[1], sys.argv[2], False))
    child.start()
    child.join()
    sys.exit(child.exitcode)
"""


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_a_process_that_python_starts_sends_its_own_calls_at_its_end(
    sink: OtlpSink, base_url: str, tmp_path: Path, method: str
) -> None:
    program = tmp_path / "program.py"
    program.write_text(SPAWNING, "utf-8")
    done = subprocess.run(
        [sys.executable, str(program), sink.url, base_url, method],
        env={
            **os.environ,
            "TRACER_SPOOL_DIR": str(tmp_path),
            "PYTHONPATH": os.pathsep.join(
                [str(HOUSE), *filter(None, [os.environ.get("PYTHONPATH")])]
            ),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert sink.accepted_names == ["chat gpt-4o-mini"] * 2

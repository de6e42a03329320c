"""The wrapped openai client beside the bare one, over a real socket, call by call."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from benchmarks import processes, sink
from benchmarks.measure import SMALL
from benchmarks.tables import show

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types.chat import ChatCompletionMessageParam

ROUNDS, CALLS, STREAMS = 12, 25, 5
LONG: list[ChatCompletionMessageParam] = [
    {"role": "user", "content": SMALL[0]},
    {"role": "tool", "tool_call_id": "1", "content": " ".join(map(str, range(198)))},
]
"""What the server answers in some 200 chunks: it repeats a tool's words."""


@dataclass
class Timed:
    """One client's calls; nanoseconds of wall and of the calling thread's CPU."""

    wall_ns: list[float] = field(default_factory=list)
    cpu_ns: list[float] = field(default_factory=list)
    n_chunks: int = 0

    def told_us(self, n_parts: float) -> tuple[float, float]:
        """Return the median wall and CPU of one part of a call."""
        return (
            statistics.median(self.wall_ns) / n_parts / 1000,
            statistics.median(self.cpu_ns) / n_parts / 1000,
        )


def ask(client: OpenAI, timed: Timed) -> None:
    """Make one plain call."""
    cpu_ns, wall_ns = time.thread_time_ns(), time.perf_counter_ns()
    client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": SMALL[0]}]
    )
    timed.wall_ns.append(time.perf_counter_ns() - wall_ns)
    timed.cpu_ns.append(time.thread_time_ns() - cpu_ns)


def stream(client: OpenAI, timed: Timed) -> None:
    """Read one streamed call to its end."""
    cpu_ns, wall_ns = time.thread_time_ns(), time.perf_counter_ns()
    chunks = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=LONG,
        stream=True,
        stream_options={"include_usage": True},
    )
    timed.n_chunks = sum(1 for _ in chunks)
    timed.wall_ns.append(time.perf_counter_ns() - wall_ns)
    timed.cpu_ns.append(time.thread_time_ns() - cpu_ns)


def measure_here(base_url: str, sink_url: str) -> None:
    """Take turns between the clients, and print what each one took."""
    import openai

    import tracer

    tracer.configure(endpoint=sink_url, project="bench")

    def make() -> OpenAI:
        return openai.OpenAI(base_url=base_url, api_key="none")

    clients = {"bare": make(), "bare again": make()}
    clients["wrapped"] = tracer.wrap_openai(make())
    plain = {name: Timed() for name in clients}
    streamed = {name: Timed() for name in clients}
    for number in range(ROUNDS + 1):
        if number == 1:  # the round before warmed everything up
            plain = {name: Timed() for name in clients}
            streamed = {name: Timed() for name in clients}
        for name, client in clients.items():
            for _ in range(CALLS):
                ask(client, plain[name])
            for _ in range(STREAMS):
                stream(client, streamed[name])
            tracer.flush(timeout_s=10)
    n_chunks = streamed["bare"].n_chunks
    told = {
        name: (*plain[name].told_us(1), *streamed[name].told_us(n_chunks))
        for name in clients
    }
    print(json.dumps({"n_chunks": n_chunks, "told": told}))


def run() -> None:
    """Measure in a process of its own, with the servers in others."""
    command = [sys.executable, "-m", "examples.openai_server"]
    with processes.running(command) as server, sink.running() as url:
        command = [sys.executable, "-m", "benchmarks.openai", server.url, url]
        answer = json.loads(subprocess.check_output(command, text=True))
        n_spans = sink.ask_count(url)["n_spans"]
    told, n_chunks = answer["told"], answer["n_chunks"]
    n_calls = (ROUNDS + 1) * (CALLS + STREAMS)
    print(
        f"openai {version('openai')}; {ROUNDS * CALLS} calls and {ROUNDS * STREAMS} "
        f"streams of {n_chunks} chunks each; {n_spans} of {n_calls} spans arrived\n"
    )
    rows = [
        [name, *cells, cells[1] - told["bare"][1], cells[3] - told["bare"][3]]
        for name, cells in told.items()
    ]
    show(
        (
            "microseconds",
            "call, wall",
            "call, CPU",
            "chunk, wall",
            "chunk, CPU",
            "+ CPU a call",
            "+ CPU a chunk",
        ),
        rows,
    )
    print("\n'bare again' is the noise: read nothing into differences below it.")


if __name__ == "__main__":
    measure_here(sys.argv[1], sys.argv[2])

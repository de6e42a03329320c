"""The wrapped openai client beside the bare one, call by call, in this process.

Both take turns, so that what disturbs the machine disturbs both. Some contestants patch
the client's classes: the bare client keeps the methods that it had before, and the sink
shows that its calls left no spans.
"""

import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks import asking
from benchmarks.contestants import Contestant
from benchmarks.work import SMALL
from benchmarks.worker import arrived, flush

if TYPE_CHECKING:
    from openai import OpenAI

Create = Callable[..., Any]
Spent = list[tuple[int, int]]
"""Nanoseconds of wall and of the calling thread's CPU, one pair a call."""

N_WARM, N_WARM_STREAMS = 60, 6
_SYSTEM = {"role": "system", "content": "You are a helpful assistant."}
_USER = {"role": "user", "content": SMALL[0]}
_LONG = {"role": "tool", "tool_call_id": "1", "content": " ".join(map(str, range(198)))}
"""What the example server answers in some 200 chunks: it repeats a tool's words."""


def canned(contestant: Contestant, url: str) -> dict[str, Any]:
    """Measure with answers from memory: the cleanest figures of added CPU."""
    import openai

    from benchmarks.canned import http_client

    def make() -> "OpenAI":
        here = {"base_url": "http://127.0.0.1:9/v1", "http_client": http_client()}
        return openai.OpenAI(api_key="none", **here)  # type: ignore[arg-type]

    return _measured(contestant, url, make, n_calls=300, n_streams=30)


def socket(contestant: Contestant, url: str, base_url: str) -> dict[str, Any]:
    """Measure with the example server at the other end of a socket."""
    import openai

    def make() -> "OpenAI":
        return openai.OpenAI(base_url=base_url, api_key="none")

    return _measured(contestant, url, make, n_calls=100, n_streams=16)


def _measured(
    contestant: Contestant,
    url: str,
    make: Callable[[], "OpenAI"],
    *,
    n_calls: int,
    n_streams: int,
) -> dict[str, Any]:
    bare = _kept_bare(make())
    contestant.set_up(url)
    wrapped = contestant.wrap(make).chat.completions.create
    _in_turn(ask, bare, wrapped, N_WARM)
    n_chunks = stream(bare)
    _in_turn(stream, bare, wrapped, N_WARM_STREAMS)
    flush(contestant)
    asking.ask_count(url)
    cpu_ns = time.process_time_ns()
    without, traced = _in_turn(ask, bare, wrapped, n_calls)
    flush(contestant)
    cpu_ns = time.process_time_ns() - cpu_ns - 2 * sum(cpu for _, cpu in without)
    told = {"call.process_cpu_us": cpu_ns / n_calls / 1000}
    told |= _told("call", without, traced, 1)
    without, traced = _in_turn(stream, bare, wrapped, n_streams)
    told |= _told("chunk", without, traced, n_chunks)
    flush(contestant)
    return told | arrived(url, n_calls + n_streams)


def _kept_bare(client: "OpenAI") -> Create:
    """Return the client's method, out of reach of what is patched from now on."""
    vars(client)["request"] = client.request
    return client.chat.completions.create


def ask(create: Create) -> None:
    """Make one plain call."""
    create(model="gpt-4o-mini", messages=[_SYSTEM, _USER], temperature=0.2)


def stream(create: Create) -> int:
    """Read one streamed call to its end; return how many chunks it had."""
    chunks = create(
        model="gpt-4o-mini",
        messages=[_SYSTEM, _USER, _LONG],
        stream=True,
        stream_options={"include_usage": True},
    )
    return sum(1 for _ in chunks)


def _in_turn(
    act: Callable[[Create], object], bare: Create, wrapped: Create, n: int
) -> tuple[Spent, Spent]:
    """Act with both, one after the other, each first as often as the other."""
    without: Spent = []
    traced: Spent = []
    turns = [(bare, without), (wrapped, traced)]
    for _ in range(n):
        turns.reverse()
        for create, spent in turns:
            cpu_ns, wall_ns = time.thread_time_ns(), time.perf_counter_ns()
            act(create)
            wall_ns = time.perf_counter_ns() - wall_ns
            spent.append((wall_ns, time.thread_time_ns() - cpu_ns))
    return without, traced


def _told(part: str, without: Spent, traced: Spent, n_parts: int) -> dict[str, float]:
    """Return medians of the pairs' differences, microseconds a part."""
    pairs = list(zip(without, traced, strict=True))

    def beyond(which: int) -> float:
        differences = [with_it[which] - bare[which] for bare, with_it in pairs]
        return statistics.median(differences) / n_parts / 1000

    bare_ns = statistics.median(cpu for _, cpu in without)
    return {
        f"{part}.wall_us": beyond(0),
        f"{part}.cpu_us": beyond(1),
        f"{part}.bare_cpu_us": bare_ns / n_parts / 1000,
    }

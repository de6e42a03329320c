"""Decorated calls, measured in this process."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from benchmarks import asking, measure, work
from benchmarks.contestants import Contestant
from benchmarks.worker import arrived, flush

N_WARM = 300
N_PACED = {"sync": 1000, "async": 700, "generator": 400, "20 kB": 600}
N_BARE = 250
N_BURST = 100_000

Decorate = Callable[[Callable[..., Any]], Callable[..., Any]]


def smoke(contestant: Contestant, url: str) -> dict[str, Any]:
    """Make ten calls, of each form at least three; returns what came of them."""
    contestant.set_up(url)
    sync, coroutine, generator = map(contestant.decorate, _FORMS)
    asking.ask_count(url)
    for number in range(3):
        assert sync(work.SMALL[0], number) == work.answer(work.SMALL[0], number)
        assert asyncio.run(coroutine(work.SMALL[1], number))["k"] == number
        assert list(generator(work.SMALL[2], number)) == work.PIECES
    sync(work.LARGE[0], 3)
    flush(contestant)
    return arrived(url, 10)


def paced(contestant: Contestant, url: str) -> dict[str, Any]:
    """Time paced calls of each form, beyond the same calls undecorated."""
    measure.paced(work.answer, work.SMALL, N_WARM)
    bare = {part: _part(part, lambda f: f, N_BARE) for part in N_PACED}
    contestant.set_up(url)
    _part("sync", contestant.decorate, N_WARM)
    flush(contestant)
    asking.ask_count(url)
    told: dict[str, Any] = {}
    for part, n_calls in N_PACED.items():
        found = _part(part, contestant.decorate, n_calls, lambda: flush(contestant))
        without = bare[part] | {"p99_us": bare[part]["median_us"]}
        for field, value in found.items():
            told[f"{part}.{field}"] = value - without[field]
    return told | arrived(url, sum(N_PACED.values()))


def burst(contestant: Contestant, url: str) -> dict[str, Any]:
    """Call as fast as it goes, and see what came of it."""
    bare = measure.burst(work.answer, 20_000, lambda: None)
    contestant.set_up(url)
    function = contestant.decorate(work.answer)
    for number in range(200):
        function(work.SMALL[number & 63], number)
    flush(contestant)
    time.sleep(1)
    asking.ask_count(url)
    found = measure.burst(function, N_BURST, lambda: flush(contestant))
    told = asdict(found) | {
        "us_per_call": found.us_per_call - bare.us_per_call,
        "cpu_us_per_call": found.cpu_us_per_call - bare.cpu_us_per_call,
    }
    return told | arrived(url, found.n_calls)


def _read_all(generator: Callable[[str, int], Any]) -> Callable[[str, int], None]:
    def read(question: str, k: int) -> None:
        for _ in generator(question, k):
            pass

    return read


def _part(
    part: str,
    decorate: Decorate,
    n_calls: int,
    after: Callable[[], object] = lambda: None,
) -> dict[str, float]:
    """Time one form of call; process CPU includes what comes after, the flush."""
    if part == "async":
        coroutine = decorate(work.answer_async)
    elif part == "generator":
        function = _read_all(decorate(work.answer_in_pieces))
    else:
        function = decorate(work.answer)
    questions = work.LARGE if part == "20 kB" else work.SMALL
    cpu_s = time.process_time()
    if part == "async":
        found = asyncio.run(measure.paced_async(coroutine, questions, n_calls))
    else:
        found = measure.paced(function, questions, n_calls)
    after()
    cpu_us = (time.process_time() - cpu_s) / n_calls * 1e6
    return asdict(found) | {"process_cpu_us": cpu_us}


_FORMS = (work.answer, work.answer_async, work.answer_in_pieces)

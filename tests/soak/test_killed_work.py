"""What is killed in the middle of changing rows is finished by the next start."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3
from otlp_requests import START_NS, span, trace_request
from processes import CollectorProcess, start_collector, start_module, wait_until

HTTP = urllib3.PoolManager(retries=False)
DAY_NS = 86_400 * 10**9
DAYS, A_DAY = 12, 30
CALL = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "mine",
    "gen_ai.request.model": "m",
    "gen_ai.usage.input_tokens": 1_000_000,
    "user.id": "kim",
}
PRICES = "[[price]]\nmodel = 'm'\nprovider = 'mine'\ninput = {}\n"
WINDOW = "project=killed&since=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z"


def bodies() -> tuple[bytes, bytes]:
    """All spans of many days, and all of them again in another order."""
    spans = [
        span(
            CALL,
            name=f"{day}-{number}",
            start_time_unix_nano=START_NS + day * DAY_NS,
            end_time_unix_nano=START_NS + day * DAY_NS + 5,
        )
        for day in range(DAYS)
        for number in range(A_DAY)
    ]
    again = trace_request(*spans[::-1], project="killed")
    return trace_request(*spans, project="killed"), again


def get(url: str, path: str) -> Any:
    return json.loads(HTTP.request("GET", f"{url}/api/v1{path}").data)


def send(url: str, body: bytes) -> None:
    headers = {"content-type": "application/x-protobuf"}
    assert (
        HTTP.request("POST", f"{url}/v1/traces", body=body, headers=headers).status
        == 200
    )


def counted(url: str) -> tuple[int, float, int, float]:
    """How many spans and what they cost: by the list, then by the roll-up."""
    listed = get(url, f"/spans?{WINDOW}&limit=1000")["rows"]
    stats = get(url, f"/stats?{WINDOW}&unit=spans&interval=hour")["rows"]
    n_counted = sum(row["n_calls"] for row in stats)
    return len(listed), cost_of(listed), n_counted, cost_of(stats)


def cost_of(rows: list[dict[str, Any]]) -> float:
    return float(sum(row["cost_usd"] or 0 for row in rows))


def mutations(data: Path) -> set[Path]:
    """The changes that the engine has on record and may be at work on."""
    return set(data.glob("store/*/*/mutation_*.txt"))


@contextmanager
def started(data: Path, prices: float) -> Iterator[CollectorProcess]:
    path = data.with_name("prices.toml")
    path.write_text(PRICES.format(prices))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACER_PRICES_FILE", str(path))
        with start_collector(data, prices=True) as running:
            yield running


def killed_while(
    data: Path, running: CollectorProcess, work: Callable[[], Any]
) -> None:
    """Kill a collector as soon as a work of it begins to change rows."""
    before = mutations(data)

    def unless_killed() -> None:
        try:
            work()
        except urllib3.exceptions.HTTPError:
            pass

    thread = threading.Thread(target=unless_killed)
    thread.start()
    wait_until(lambda: mutations(data) - before)
    running.process.kill()
    running.process.wait()
    thread.join()


def priced(url: str, *, each_usd: float) -> bool:
    found = get(url, f"/spans?{WINDOW}&limit=1000")["rows"]
    return bool(found) and all(row["cost_usd"] == each_usd for row in found)


def test_work_that_was_killed_leaves_every_span_once_and_is_finished_by_a_repeat(
    tmp_path: Path,
) -> None:
    """One store's life: copies, new prices and a delete, each killed in the middle."""
    data = tmp_path / "data"
    first, again = bodies()
    n_spans = DAYS * A_DAY
    with started(data, 1.0) as running:
        send(running.url, first)
        wait_until(lambda: priced(running.url, each_usd=1.0))
        killed_while(data, running, lambda: send(running.url, again))
    with started(data, 1.0) as running:
        send(running.url, again)
        wait_until(lambda: counted(running.url) == once(n_spans, 1.0), limit_s=180)
    with started(data, 3.0) as running:
        since = f"{running.url}/api/v1/reprice?since=2026-01-01"
        sources = f"/values?field=model&{WINDOW}"
        wait_until(lambda: get(running.url, sources)["rows"])
        killed_while(data, running, lambda: HTTP.request("POST", since))
    with started(data, 3.0) as running:
        assert counted(running.url)[::2] == (n_spans, n_spans)
        arguments = ("--since", "2026-01-01", "--collector", running.url)
        wait_until(lambda: is_repriced(arguments, to_usd=n_spans * 3.0))
        assert counted(running.url) == once(n_spans, 3.0)
        path = f"{running.url}/api/v1/users/kim"
        killed_while(data, running, lambda: HTTP.request("DELETE", path))
    with started(data, 3.0) as running:
        # the engine goes on with what it had begun
        wait_until(lambda: (found := counted(running.url))[:2] == found[2:])
        delete = ("delete", "user", "kim", "--yes", "--collector", running.url)
        said = start_module("tracer.cli", *delete).communicate()
        assert "deleted user" in said[0] or "no user" in said[1], said
        for body in (first, again):
            send(running.url, body)
        assert counted(running.url) == once(0, 0)


def once(n_spans: int, each_usd: float) -> tuple[int, float, int, float]:
    return (n_spans, n_spans * each_usd) * 2


def is_repriced(arguments: tuple[str, ...], *, to_usd: float) -> bool:
    """Price all anew; whether the cost is the one of the file that was just taken."""
    process = start_module("tracer.cli", "reprice", *arguments)
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    return f"{to_usd:.6f} now" in output

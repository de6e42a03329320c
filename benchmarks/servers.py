"""Our collector and peers' servers: the same requests, until the spans can be read."""

import os
import queue
import sys
import tempfile
import threading
import time
from importlib.metadata import version
from pathlib import Path

import urllib3

from benchmarks import payload
from benchmarks.contestants.servers import (
    PEERS,
    SERVERS,
    ServerFailedError,
    Tracer,
    TraceServer,
)
from benchmarks.environments import NotInstalledError, ready
from benchmarks.goals import OURS, Goal, show_goals
from benchmarks.process_groups import Group, NotStartedError, free_port, running
from benchmarks.rounds import Found
from benchmarks.tables import show

N_WARM_UP, SETTLE_S, READ_LIMIT_S = 10, 3, 600
GOAL = 100
"""Times the rate of each peer."""

_HEADERS = {"Content-Type": "application/x-protobuf", "Content-Encoding": "gzip"}
_BUSY = frozenset({429, 502, 503, 504})
_COLUMNS = (
    *("", "version", "spans", "spans/s until readable", "ours, ×"),
    *("CPU ms a 1,000 spans", "theirs, ×", "MiB idle", "MiB at most"),
    *("bytes a span, disk", "start, s"),
)
Figures = dict[str, float]


def run() -> None:
    """Give each peer the first of the requests, and ours all of them just before.

    Other work on the machine changes from minute to minute, so a ratio is one of
    neighbours. A server that cannot be installed, started or filled is named.
    """
    bodies = payload.requests(max(server.n_requests for server in SERVERS))
    rows: list[list[object]] = []
    ratios: Figures = {}
    goals = []
    for peer in PEERS:
        found: dict[str, Figures] = {}
        for server in (Tracer, peer):
            try:
                python, release = _installed(server)
                found[server.title] = _measured(server, python, bodies)
            except (NotInstalledError, NotStartedError, ServerFailedError) as error:
                print(f"- {server.title}: {error}\n", flush=True)
            else:
                rows.append(_row(server, release, found))
        if len(found) == 2:
            ratios[peer.title] = _times(found[OURS], found[peer.title], "rate")
            what = f"rate, × {peer.title}'s"
            goals.append(Goal(what, peer.title, GOAL, at_least=True))
    show(_COLUMNS, rows)
    show_goals(goals, {OURS: Found(OURS, [ratios])})


def _times(ours: Figures, theirs: Figures, figure: str) -> float:
    """Return how many times better ours is: in spans a second, or in CPU a span."""
    ratio = ours[figure] / theirs[figure]
    return ratio if figure == "rate" else 1 / ratio


def _row(
    server: type[TraceServer], release: str, found: dict[str, Figures]
) -> list[object]:
    theirs, ours = found[server.title], found.get(OURS)
    times: list[object] = ["–", "–"]
    if ours and ours is not theirs:
        times = [_times(ours, theirs, figure) for figure in ("rate", "cpu_ms")]
    told = [theirs[figure] for figure in ("idle_mb", "loaded_mb", "bytes_a_span")]
    return [
        *(server.title, release, int(theirs["n_spans"])),
        *(theirs["rate"], times[0], theirs["cpu_ms"], times[1]),
        *(*told, theirs["start_s"]),
    ]


def _installed(server: type[TraceServer]) -> tuple[Path, str]:
    if not server.environment:
        return Path(sys.executable), version(server.distribution)
    environment = ready(server.environment)
    return Path(environment.python), environment.versions[server.distribution]


def _measured(kind: type[TraceServer], python: Path, bodies: list[bytes]) -> Figures:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        home = Path(directory)
        server = kind(home, port=free_port(), second_port=free_port())
        path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
        variables = {"HOME": directory, "PATH": path, **server.variables()}
        with running(
            server.command(python.parent),
            environment=variables,
            home=home,
            ready=f"{server.url}{server.ready_path}",
        ) as group:
            figures = _loaded(server, group, bodies[: server.n_requests])
        figures["bytes_a_span"] = (_size(home) - figures["empty_bytes"]) / (
            figures["n_spans"] + N_WARM_UP
        )
        return figures


def _loaded(server: TraceServer, group: Group, bodies: list[bytes]) -> Figures:
    """Return what storing took; the first spans of all only warm the server up."""
    time.sleep(SETTLE_S)
    idle_mb, empty_bytes = group.memory_mb(), _size(server.home)
    _send(server, payload.requests(1, seed=1, n_spans=N_WARM_UP))
    _wait_for(server, N_WARM_UP)
    n_spans = len(bodies) * payload.SPANS_IN_REQUEST
    cpu_s, begun_s = group.cpu_s(), time.perf_counter()
    _send(server, bodies)
    _wait_for(server, n_spans + N_WARM_UP)
    seconds, cpu_s = time.perf_counter() - begun_s, group.cpu_s() - cpu_s
    group.memory_mb()
    return {
        "start_s": group.start_s,
        "idle_mb": idle_mb,
        "loaded_mb": group.peak_mb,
        "empty_bytes": empty_bytes,
        "n_spans": n_spans,
        "rate": n_spans / seconds,
        "cpu_ms": cpu_s * 1e6 / n_spans,
    }


def _send(server: TraceServer, bodies: list[bytes]) -> None:
    """Send from several threads, each waiting for its answer, again if it is busy.

    Raises:
        ServerFailedError: the server refused one.
    """
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    for body in bodies:
        waiting.put(body)
    refused: list[str] = []

    def send() -> None:
        with urllib3.PoolManager() as pool:
            while not refused:
                try:
                    _post(pool, server, waiting.get_nowait())
                except queue.Empty:
                    return
                except (ServerFailedError, urllib3.exceptions.HTTPError) as error:
                    refused.append(str(error))

    threads = [threading.Thread(target=send) for _ in range(server.n_senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise ServerFailedError(refused[0])


def _post(pool: urllib3.PoolManager, server: TraceServer, body: bytes) -> None:
    while True:
        answer = pool.request(
            "POST",
            f"{server.url}/v1/traces",
            body=body,
            headers={**_HEADERS, **server.headers},
            timeout=READ_LIMIT_S,
            retries=False,
        )
        if answer.status == 200:
            return
        if answer.status not in _BUSY:
            raise ServerFailedError(
                f"it answered {answer.status}: {answer.data[:300]!r}"
            )
        time.sleep(0.05)


def _wait_for(server: TraceServer, n_spans: int) -> None:
    begun_s = time.perf_counter()
    while (n_readable := server.n_readable()) < n_spans:
        if time.perf_counter() - begun_s > READ_LIMIT_S:
            raise ServerFailedError(
                f"{n_readable:,} of {n_spans:,} spans can be read in {READ_LIMIT_S} s"
            )
        time.sleep(0.05)


def _size(directory: Path) -> int:
    """Return the bytes of all files below it."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())

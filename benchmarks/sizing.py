"""What a span costs a ClickHouse server and a collector: CPU, memory, disk.

Both are loaded at once on one machine, so rates say little here: CPU a span does.
"""

import contextlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import urllib3

from benchmarks import payload
from benchmarks.ingest_sending import burst
from benchmarks.processes import Server, running
from benchmarks.tables import show

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from clickhouse_listeners import (
    library,
    start_listener,
    start_two_shards,
)

N_REQUESTS, N_WARM_UP = 40, 8


def run() -> None:
    """Store the same spans on one server, then by two collectors on two shards."""
    found = library()
    if found is None:
        raise SystemExit("npm is missing: it fetches the listeners for this bench")
    bodies = payload.requests(N_REQUESTS)
    n_spans = N_REQUESTS * payload.SPANS_IN_REQUEST
    print(
        f"{n_spans:,} spans of {payload.plain_bytes(bodies) / n_spans:,.0f} bytes, "
        f"{sum(map(len, bodies)) / n_spans:,.0f} gzipped; those of the first "
        f"{N_WARM_UP} requests only warm up\n"
    )
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        with start_listener(found, place / "one") as url:
            _measure("one server, one collector", url, "", 1, bodies)
        with start_two_shards(found, place / "two") as url:
            query = "?cluster=two&replicated=no"
            _measure("two shards, two collectors", url, query, 2, bodies)


def _measure(
    name: str, url: str, query: str, n_collectors: int, bodies: list[bytes]
) -> None:
    """Store the requests and show what it took."""
    command = [sys.executable, "-P", "-m", "collector", "--port", "0", "--no-prices"]
    command += ["--store", f"{url}/tracer{query}"]
    with contextlib.ExitStack() as stack:
        collectors = [
            stack.enter_context(running(command)) for _ in range(n_collectors)
        ]
        servers = [Server(url, pid) for pid in _listeners()]
        _send_to(collectors, bodies[:N_WARM_UP])
        before = [[one.cpu_s() for one in some] for some in (collectors, servers)]
        begun_s = perf_counter()
        _send_to(collectors, bodies[N_WARM_UP:])
        seconds = perf_counter() - begun_s
        n_spans = (len(bodies) - N_WARM_UP) * payload.SPANS_IN_REQUEST
        rows = [
            (
                who,
                (sum(one.cpu_s() for one in some) - sum(cpu_s)) * 1e6 / n_spans,
                max(_peak_mib(one.pid) for one in some),
            )
            for who, some, cpu_s in zip(
                ("collectors", "servers"), (collectors, servers), before, strict=True
            )
        ]
        print(f"{name}: {n_spans / seconds:,.0f} spans/s on this machine\n")
        show(("", "CPU ms a 1,000 spans", "peak MiB of the largest"), rows)
        _show_disk(
            url, "cluster('two', 'system', 'parts')" if query else "system.parts"
        )


def _send_to(collectors: Sequence[Server], bodies: list[bytes]) -> None:
    """Send each collector its share, all at once."""
    shares = [bodies[i :: len(collectors)] for i in range(len(collectors))]
    with ThreadPoolExecutor(len(collectors)) as pool:
        list(pool.map(burst, [one.url for one in collectors], shares))


def _show_disk(url: str, parts: str) -> None:
    """Show what a row of each table takes; small parts are not merged yet."""
    statement = (
        "SELECT table, sum(rows), sum(bytes_on_disk) / sum(rows)"
        f" FROM {parts} WHERE active AND database = 'tracer' AND rows > 0"
        " AND (table LIKE 'spans%' OR table LIKE 'receipts%')"
        " GROUP BY table ORDER BY table DESC FORMAT TSV"
    )
    text = urllib3.request("POST", url, body=statement).data.decode()
    rows = [line.split("\t") for line in text.splitlines()]
    print()
    show(
        ("table", "rows", "bytes a row, disk"),
        [(name, int(count), float(size)) for name, count, size in rows],
    )
    print()


def _listeners() -> Iterator[int]:
    """Yield the processes of the listeners that this one started."""
    own = str(Path("/proc/self").resolve().name)
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (place / "cmdline").read_bytes()
            parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
            if parent == own and b"clickhouse_listeners" in command:
                yield int(place.name)


def _peak_mib(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmHWM:")[2].split()[0]) / 1024

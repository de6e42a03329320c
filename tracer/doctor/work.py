"""Whether anybody does the work that waits: jobs, online scoring, alerts."""

import time
from collections.abc import Iterator

from tracer._client.jobs import ALIVE_S
from tracer.client import Client
from tracer.doctor.findings import Finding, note, ok, problem
from tracer.errors import CollectorError


def check_work(client: Client) -> Iterator[Finding]:
    """Compare what waits for a worker with the workers that were heard of."""
    try:
        now_ns, heard = time.time_ns(), client.workers()
        queued = client.jobs(state="queued", limit=1000)
        rules = [r for r in client.online_rules() if r["state"] == "active"]
        alerts = [r for r in client.alert_rules() if r["state"] == "active"]
    except CollectorError:  # an older collector, or a key that may not
        return
    alive = [w for w in heard if now_ns - w["seen_ns"] < ALIVE_S * 10**9]
    start = "start one with `tracer worker` (`tracer up` has one)"
    parts = {"job": queued, "rule of online scoring": rules, "alert": alerts}
    waits = [counted(len(rows), name) for name, rows in parts.items() if rows]
    if alive:
        yield ok("work", f"{counted(len(alive), 'worker')} alive")
    elif queued:
        text = f"no worker runs, and there wait: {', '.join(waits)}"
        yield problem("work", text, start)
    elif waits:
        yield note("work", f"no worker runs for {', '.join(waits)}", start)


def counted(n: int, name: str) -> str:
    """Return a number with its noun: ``1 job``, ``2 jobs``."""
    if n == 1:
        return f"1 {name}"
    noun, _, rest = name.partition(" of ")
    return f"{n:,} {noun}s" + (f" of {rest}" if rest else "")

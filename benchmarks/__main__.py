"""Run the sections named on the command line, or what `make bench` runs."""

import importlib
import os
import platform
import sys
import time
from importlib.metadata import version

SECTIONS = {
    "peers": "calls, the openai client, import and size, beside the peers",
    "calls": "what a decorated call costs, beside the SDK's spans only",
    "openai": "what wrapping the openai client costs, beside the bare one only",
    "evaluation": "what logging, running and comparing evaluations costs",
    "weight": "how long parts of `import tracer` take, and what it brings along",
    "reads": "how fast ten million spans are read (builds them, once)",
    "pages": "how long a person waits for the dashboard's pages over the same spans",
    "sizing": "what a span costs a ClickHouse server, and two shards: docs/scale.md",
    "servers": "how fast we and peers' servers store and show the same spans",
    "ingest": "how fast the collector stores, beside its engine alone",
}
DEFAULT = ("peers", "evaluation", "weight", "ingest")
"""`calls`, `openai` are the quick parts of `peers`; `reads`, `pages` take minutes and
2 GB."""


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        known = "".join(f"\n  {name:10} {what}" for name, what in SECTIONS.items())
        print(f"no section {unknown[0]!r}; there are:{known}", file=sys.stderr)
        return 2
    sdk, cores = version("opentelemetry-sdk"), len(os.sched_getaffinity(0))
    print(f"Python {platform.python_version()}, opentelemetry-sdk {sdk}, {cores} cores")
    print("Figures of one run on one machine: trust the ratios, not the microseconds.")
    print(f"Load average at the start: {load()}.")
    for name in names or DEFAULT:
        print(f"\n### {name}: {SECTIONS[name]}\n", flush=True)
        begun_s = time.monotonic()
        importlib.import_module(f"benchmarks.{name}").run()
        took_s = time.monotonic() - begun_s
        print(f"\n({took_s:.0f} s; load average now: {load()})", flush=True)
    return 0


def load() -> str:
    """Return the load averages of the last 1, 5 and 15 minutes: others count too."""
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

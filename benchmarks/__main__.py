"""Run the sections named on the command line, or all of them, in this order."""

import importlib
import os
import platform
import sys
import time
from importlib.metadata import version

SECTIONS = {
    "calls": "what a decorated call costs, beside the SDK's empty span",
    "openai": "what wrapping the openai client costs",
    "evaluation": "what logging, running and comparing evaluations costs",
    "weight": "how long `import tracer` takes, and how large it is",
    "ingest": "how fast the collector stores, beside its engine alone",
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        known = "".join(f"\n  {name:10} {what}" for name, what in SECTIONS.items())
        print(f"no section {unknown[0]!r}; there are:{known}", file=sys.stderr)
        return 2
    sdk, cores = version("opentelemetry-sdk"), len(os.sched_getaffinity(0))
    print(f"Python {platform.python_version()}, opentelemetry-sdk {sdk}, {cores} cores")
    print("Figures of one run on one machine: trust the ratios, not the microseconds.")
    for name in names or SECTIONS:
        print(f"\n## {name}: {SECTIONS[name]}\n", flush=True)
        begun_s = time.monotonic()
        importlib.import_module(f"benchmarks.{name}").run()
        print(f"\n({time.monotonic() - begun_s:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

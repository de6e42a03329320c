"""How long `import tracer` takes, and how much the light install brings along."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

from benchmarks.cpu_time import cpu_ms
from benchmarks.tables import show

IMPORTS = {
    "the SDK": "import opentelemetry.sdk.trace",
    "import tracer": "import tracer",
    "its client and evaluation too": (
        "from tracer import Client, EvaluationLogger; import urllib3"
    ),
    "the SDK and its HTTP exporter": (
        "import opentelemetry.sdk.trace.export, "
        "opentelemetry.exporter.otlp.proto.http.trace_exporter"
    ),
    "tracer.configure() too": (
        "import tracer; tracer.configure(endpoint='http://127.0.0.1:9')"
    ),
}
PAIRS = 9
_MIB = 1 << 20


def modules(statement: str) -> int:
    counted = f"{statement}\nimport sys; print(len(sys.modules))"
    return int(subprocess.check_output([sys.executable, "-c", counted]))


def light_install() -> Iterator[str]:
    """Yield the distributions that the wheel without extras needs, its own first."""
    wanted, seen = ["tracer-evals"], set()
    while wanted:
        name = wanted.pop(0)
        if name in seen:
            continue
        seen.add(name)
        yield name
        for line in requires(name) or ():
            requirement, _, marker = line.partition(";")
            if not marker.strip():
                end = min(
                    (requirement.find(c) for c in " <>=!~[(" if c in requirement),
                    default=len(requirement),
                )
                wanted.append(requirement[:end].strip())


def size_mb(name: str) -> float:
    """Return what a distribution's files take, byte code included."""
    if name == "tracer-evals":  # installed editable here
        files = [
            path
            for room in ("tracer", "collector", "dashboard")
            for path in Path(room).rglob("*")
        ]
    else:
        files = [Path(str(path.locate())) for path in distribution(name).files or ()]
    return sum(path.stat().st_size for path in files if path.is_file()) / _MIB


def run() -> None:
    """Print import times in turn with bare Python, and sizes."""
    with tempfile.TemporaryDirectory() as compiled:  # whatever the shell says of it
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        show(("CPU, best of several", "ms beyond bare Python", "modules"), _imports())
    _show_sizes()


def _imports() -> list[tuple[str, float, int]]:
    times = {name: [] for name in ("bare", *IMPORTS)}  # type: dict[str, list[float]]
    for number in range(PAIRS + 1):
        for name, statement in {"bare": "pass", **IMPORTS}.items():
            took = cpu_ms([sys.executable, "-c", statement])
            if number:  # the first round compiles
                times[name].append(took)
    bare_ms = min(times["bare"])
    return [
        (name, min(times[name]) - bare_ms, modules(statement))
        for name, statement in IMPORTS.items()
    ]


def _show_sizes() -> None:
    sizes = {}
    for name in light_install():
        try:
            sizes[name] = size_mb(name)
        except PackageNotFoundError:  # for other Pythons or systems
            continue
    print()
    show(
        ("in this checkout's environment", "MiB"),
        [*sizes.items(), ("together", sum(sizes.values()))],
    )

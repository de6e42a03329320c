"""What is installed: whose package it is, which versions, which extras are missing."""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from tracer._build import build
from tracer.doctor.findings import Finding, note, ok, problem

STRANGERS = ("tracer", "tracer-llm")
"""Distributions of other people that also bring a package called `tracer`."""

LIBRARIES = {
    "opentelemetry-sdk": None,
    "openai": "all",
    "clickhouse-connect": "collector",
    "chdb": "collector",
    "streamlit": "dashboard",
    "scipy": "evals",
}
"""Libraries worth knowing the version of, and the extra that brings each."""

OLDEST = {"opentelemetry-sdk": "1.40", "openai": "1.66"}
"""Versions below these are not recorded, or not rightly; as pyproject.toml has them."""


def check_distribution() -> Iterator[Finding]:
    """Find out whether somebody else's `tracer` lies in the same environment."""
    again = "pip install --force-reinstall tracer-evals"
    for name in STRANGERS:
        if found := installed(name):
            text = f"{name} {found} is installed and belongs to another project"
            yield problem("package", text, f"pip uninstall {name}, then {again}")


def check_versions() -> Iterator[Finding]:
    """Tell which versions are at work, and which parts are missing or too old."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    yield ok("versions", f"tracer-evals {build()}, Python {python}")
    present = {name: installed(name) for name in LIBRARIES}
    yield ok("libraries", ", ".join(f"{n} {v}" for n, v in present.items() if v))
    if missing := [name for name, found in present.items() if found is None]:
        extras = sorted({LIBRARIES[name] or "all" for name in missing})
        wanted = "all" if "all" in extras else ",".join(extras)
        yield note(
            "libraries",
            f"not installed: {', '.join(missing)}",
            "an app that is traced needs none of them; whoever runs the rest does "
            f"pip install 'tracer-evals[{wanted}]'",
        )
    for name, oldest in OLDEST.items():
        found = present[name]
        if found is not None and numbers(found) < numbers(oldest):
            text = f"{name} {found} is too old: {oldest} is the oldest that is recorded"
            upgrade = f"pip install --upgrade '{name}>={oldest}'"
            yield problem("libraries", text, upgrade)


def installed(distribution: str) -> str | None:
    """Return the installed version of a distribution, or none."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with: ``1.66.3rc1`` is 1, 66, 3."""
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()

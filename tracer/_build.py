"""Which version and build this is: the one place that knows."""

import functools
import subprocess
from contextlib import suppress
from pathlib import Path

DISTRIBUTION = "tracer-evals"

COMMIT_FILE = "_commit.txt"
"""Beside this file in a wheel: the commit that it was built from."""

_GIT_LIMIT_S = 5


@functools.cache
def version() -> str:
    """Return the version that is installed; empty for a package that is not."""
    from importlib.metadata import PackageNotFoundError, version  # 15 ms

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return ""


@functools.cache
def commit() -> str | None:
    """Return the commit that this was built from, ten digits; None if nobody knows.

    A wheel has it written down; a clone is asked.
    """
    here = Path(__file__).parent
    with suppress(OSError):
        return (here / COMMIT_FILE).read_text("ascii").strip() or None
    return commit_of(here.parent)


def build() -> str:
    """Return version and commit as people read them: ``0.1.0 (3f9c11d2a0)``."""
    return described(version(), commit())


def described(version: str, commit: str | None) -> str:
    """Return a version with its commit, if that is known."""
    return f"{version} ({commit})" if commit else version


def commit_of(clone: Path) -> str | None:
    """Return the commit that a clone has checked out; None for any other directory."""
    if not (clone / ".git").exists():
        return None
    try:
        said = subprocess.run(
            ["git", "-C", clone, "rev-parse", "--short=10", "HEAD"],
            capture_output=True,
            text=True,
            timeout=_GIT_LIMIT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip() or None

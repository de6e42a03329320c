"""That a process delivers, and what it counted in the end, for `tracer doctor`."""

import os
import platform
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson

NAME: Final = "ended.jsonl"
BEGUN: Final = "begun.jsonl"
MOST_BYTES: Final = 1 << 20
"""A longer file becomes the old one, and the old one goes."""


def begin(folder: Path, said: Mapping[str, Any]) -> None:
    """Say that this process delivers: one that is killed has no last word."""
    own = {"begun_ns": time.time_ns(), "pid": os.getpid(), "host": platform.node()}
    write(folder, {**said, **own}, name=BEGUN)


def is_gone(begun: Mapping[str, Any]) -> bool:
    """Return whether a process that once said so is known to run no longer."""
    if sys.platform == "win32" or begun["host"] != platform.node():
        return False  # who runs there cannot be asked
    try:
        os.kill(begun["pid"], 0)
    except ProcessLookupError:
        return True
    except OSError:  # somebody else's
        pass
    return False


def write(folder: Path, said: Mapping[str, Any], *, name: str = NAME) -> None:
    """Add one line; where the disk takes none, none is there."""
    path = folder / name
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > MOST_BYTES:
            os.replace(path, _old(path))
        # one write of one line: processes that end together do not mix theirs
        place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(place, orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE))
        finally:
            os.close(place)


def read(folder: Path, *, name: str = NAME) -> dict[str, dict[str, Any]]:
    """Return what processes said, by their instance id; empty if nothing."""
    return {said["instance_id"]: said for said in _lines(folder / name)}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for one in (_old(path), path):
        with suppress(OSError):
            for line in one.read_bytes().splitlines():
                with suppress(orjson.JSONDecodeError):  # cut short by a full disk
                    yield orjson.loads(line)


def _old(path: Path) -> Path:
    return path.with_suffix(".old.jsonl")

"""What each process counted in the end, kept beside the spool for `tracer doctor`."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson

NAME: Final = "ended.jsonl"
MOST_BYTES: Final = 1 << 20
"""A longer file becomes the old one, and the old one goes."""


def write(folder: Path, said: Mapping[str, Any]) -> None:
    """Add one line; where the disk takes none, none is there."""
    path = folder / NAME
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


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what ended processes said, by their instance id; empty if nothing."""
    return {said["instance_id"]: said for said in _lines(folder)}


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    path = folder / NAME
    for one in (_old(path), path):
        with suppress(OSError):
            for line in one.read_bytes().splitlines():
                with suppress(orjson.JSONDecodeError):  # cut short by a full disk
                    yield orjson.loads(line)


def _old(path: Path) -> Path:
    return path.with_suffix(".old.jsonl")

"""The files of a spool: how a batch is named, written, found and read back.

A file holds the body of one request as it goes over the wire, and its name the rest:
``<time>.<instance>.<number>.<lane>.<items>.otlp``.
"""

import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from stat import S_ISREG
from typing import Final

from tracer._delivery.records import Batch

READY: Final = ".otlp"
"""Ending of what waits to be sent."""
ASIDE: Final = ".refused"
"""Ending of what people may look at; it is not sent again."""
CLAIMED: Final = ".claimed-"
"""Beginning of the ending of what a process sends now; its name follows."""
_PART: Final = ".part"
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL

_NAME = r"\d{20}\.[^.]+\.\d+\.(traces|logs)\.\d+"
OURS: Final = re.compile(rf"{_NAME}\.(otlp|refused|part|claimed-\w+)")
"""What a file of a spool is called."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a spool, as it was when it was looked at."""

    name: str
    """Its name within the directory."""
    size_bytes: int
    """Disk that its content takes."""
    changed_s: float
    """When it was written, or claimed; seconds since 1970."""


def write(directory: Path, batch: Batch, ending: str) -> str:
    """Write a file that is there whole or not at all, and return its name."""
    name = _name_of(batch)
    part = directory / f"{name}{_PART}"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with open(os.open(part, _CREATE, 0o600), "wb") as file:
            file.write(batch.body)
        os.replace(part, directory / f"{name}{ending}")
        return f"{name}{ending}"
    except OSError:
        part.unlink(missing_ok=True)
        raise


def directory_of(root: Path, endpoint: str, project: str | None) -> Path:
    """Return where batches for one collector and project wait."""
    whose = f"{endpoint}\0{project or ''}".encode()
    return root / blake2b(whose, digest_size=8).hexdigest()


def found_in(directory: Path) -> list[File]:
    """Return our files, oldest batch first; none if the directory cannot be read."""
    found = []
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                if not OURS.fullmatch(entry.name):
                    continue
                with suppress(FileNotFoundError):  # another process was faster
                    stat = entry.stat(follow_symlinks=False)
                    if not S_ISREG(stat.st_mode):  # a pipe, or a link to elsewhere
                        continue
                    found.append(File(entry.name, stat.st_size, stat.st_mtime))
    except OSError:
        return []
    return sorted(found, key=lambda file: file.name)


def is_to_be_sent(name: str) -> bool:
    """Return whether a file of ours is sent some day, rather than set aside."""
    return name.endswith(READY) or CLAIMED in name


def _name_of(batch: Batch) -> str:
    return ".".join(
        (
            f"{time.time_ns():020}",
            batch.instance_id,
            str(batch.number),
            batch.lane,
            str(batch.n_items),
        )
    )


def batch_of(name: str, body: bytes) -> Batch:
    """Read a file's name back."""
    _, instance_id, number, lane, n_items, _ = name.split(".")
    return Batch(
        lane="logs" if lane == "logs" else "traces",
        body=body,
        n_items=int(n_items),
        instance_id=instance_id,
        number=int(number),
    )

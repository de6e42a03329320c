"""Files by path: on this machine, or by URL wherever fsspec reaches."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import PurePosixPath
from typing import IO, Any

from tracer._extras import require

FilePath = str | PathLike[str]
"""A path of this machine, or a URL that fsspec opens: ``s3://``, ``gs://`` …"""


@contextmanager
def opened(path: FilePath, mode: str) -> Iterator[IO[bytes]]:
    """Open a file as bytes.

    Args:
        path: Where it is.
        mode: ``rb`` or ``wb``.

    Raises:
        MissingExtraError: It is a URL, and fsspec is not installed.
        ImportError: fsspec names the library that the URL's scheme needs.
    """
    file: Any
    if "://" in (where := fspath(path)):
        fsspec = require("fsspec", extra="datasets", purpose=f"a URL such as {where}")
        file = fsspec.open(where, mode)
    else:
        file = open(where, mode)
    with file as stream:
        yield stream


def read_bytes(path: FilePath) -> bytes:
    """Return all of a file."""
    with opened(path, "rb") as file:
        return file.read()


def write_text(path: FilePath, text: str) -> None:
    """Write a file anew, UTF-8, line ends as they are."""
    with opened(path, "wb") as file:
        file.write(text.encode())


def file_name(path: FilePath) -> str:
    """Return the last part of a path or URL."""
    return PurePosixPath(fspath(path).replace("\\", "/")).name


def name_after(path: FilePath, name: str | None) -> str:
    """Return a dataset's name: the given one, else the file's without its ending."""
    return PurePosixPath(file_name(path)).stem if name is None else name

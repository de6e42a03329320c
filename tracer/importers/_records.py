"""JSON of exports: one document, one object a line, or pages of an API."""

from collections.abc import Iterator
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import orjson

from tracer.evaluation._datasets.files import FilePath, file_name, read_bytes
from tracer.evaluation._datasets.lines import UTF8_MARK
from tracer.importers._found import Found, Unread

Record = dict[str, Any]


def records(path: FilePath, found: Found) -> Iterator[tuple[str, Record]]:
    """Yield place and object of everything in a file; what is no object is unread.

    Lists, and pages ``{"data": […], "object" or "meta" or "next_cursor": …}``, are
    opened. Without a document as a whole, each line is one.
    """
    data = read_bytes(path).removeprefix(UTF8_MARK)
    name = file_name(path)
    try:
        documents = [(name, orjson.loads(data))]
    except orjson.JSONDecodeError:
        documents = list(_lines(data, name, found))
        if not data.strip():
            found.unread.append(Unread(name, "the file is empty"))
    for place, document in documents:
        for inner, record in _opened(place, document):
            if isinstance(record, dict):
                yield inner, record
            else:
                kind = type(record).__name__
                found.unread.append(Unread(inner, f"a {kind}, where an object goes"))


def mapping_of(value: Any) -> dict[str, Any]:
    """Return an object; an empty one for what is none."""
    return dict(value) if isinstance(value, dict) else {}


def facts_of(value: Any) -> dict[str, Any]:
    """Return metadata as an object, whatever it is; an empty one for None."""
    if value is None or isinstance(value, dict):
        return dict(value or {})
    return {"metadata": value}


def text_of(value: Any) -> str | None:
    """Return what is said as text; None for None."""
    return None if value is None else str(value)


def files_below(path: FilePath, *endings: str) -> list[FilePath]:
    """Return a file itself, or the files of a folder that end so, by name."""
    if "://" in fspath(path) or not Path(path).is_dir():
        return [path]
    return [*sorted(one for one in Path(path).rglob("*") if one.name.endswith(endings))]


def _lines(data: bytes, name: str, found: Found) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        try:
            yield place, orjson.loads(line)
        except orjson.JSONDecodeError as error:
            found.unread.append(Unread(place, f"not JSON: {error}"))


def _opened(place: str, document: Any) -> Iterator[tuple[str, Any]]:
    items = _page(document)
    if items is None:
        yield place, document
        return
    for number, item in enumerate(items, 1):
        yield f"{place}, item {number}", item


def _page(document: Any) -> list[Any] | None:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict) or not isinstance(document.get("data"), list):
        return None
    is_page = document.get("object") == "list" or {"meta", "next_cursor"} & set(
        document
    )
    return document["data"] if is_page else None


def file_time_ns(path: str | PathLike[str]) -> int | None:
    """Return when a file of this machine was last written; None for a URL."""
    if "://" in fspath(path):
        return None
    return Path(path).stat().st_mtime_ns

"""What people say of a dataset: its description, tags and schema, one document each."""

from collections.abc import Mapping
from typing import Any

from collector.storage.documents.versions import (
    Change,
    Place,
    list_documents,
    write_document,
)
from collector.storage.engine import Store
from collector.storage.reads.reader import Reader, Row

WORDS = ("description", "tags", "schema")


def told_of(
    reader: Reader, projects: tuple[str, ...] | None, *, name: str | None = None
) -> dict[tuple[str, str], Row]:
    """Return project and name → what is said of that dataset."""
    found = list_documents(reader, "dataset", projects, document_id=name)
    return {(str(row["project"]), str(row["id"])): row for row in found}


def schema_of(reader: Reader, project: str, name: str) -> Any:
    """Return the JSON Schema that rows of a dataset should fit; None if it has none."""
    told = told_of(reader, (project,), name=name).get((project, name), {})
    return told.get("schema")


def is_said(words: Mapping[str, Any]) -> bool:
    """Return whether words are of the kinds that are kept."""
    tags, schema = words.get("tags", []), words.get("schema")
    return (
        isinstance(words.get("description", ""), str)
        and isinstance(tags, list)
        and all(isinstance(tag, str) for tag in tags)
        and (schema is None or isinstance(schema, dict))
    )


def tell(
    store: Store,
    reader: Reader,
    project: str,
    name: str,
    *,
    words: Mapping[str, Any],
    author: str = "",
) -> None:
    """Keep what is said of a dataset; what is not said stays as it was."""

    def change(newest: Row | None) -> Change:
        before = {key: newest[key] for key in WORDS if key in newest} if newest else {}
        return Change({**before, **words}, author)

    write_document(store, reader, Place("dataset", project, name), change)


def forget_told(store: Store, reader: Reader, project: str, name: str) -> None:
    """Take away what is said of a dataset, if anything is."""
    if told_of(reader, (project,), name=name):
        place = Place("dataset", project, name)
        write_document(store, reader, place, lambda _: Change(deleted=True))

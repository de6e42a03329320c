"""Hugging Face: the `datasets` library, wherever the caller has it installed."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, Final

import orjson

from tracer.errors import MissingExtraError
from tracer.evaluation._datasets.tables import JSON_COLUMNS, arrow_table, table_rows

MARK: Final = "rows of a tracer dataset; JSON columns: "
"""How the description of a dataset of ours begins: its schema loses our metadata."""


def opened(source: Any, *, split: str) -> Any:
    """Return the ``datasets.Dataset`` that is meant.

    Args:
        source: One, or the name of one on the hub or of a folder.
        split: Which split of a named one.

    Raises:
        MissingExtraError: `source` is a name, and the library is not installed.
        ValueError: `source` has several splits; the message names them.
    """
    if isinstance(source, str):
        source = library().load_dataset(source, split=split)
    if isinstance(source, Mapping):
        raise ValueError(
            f"this is several datasets, {', '.join(map(repr, source))}; "
            "give one of them: found['train']"
        )
    return source


def hugging_face_rows(source: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows of a ``datasets.Dataset``, ours or anybody's."""
    said = str(getattr(source.info, "description", ""))
    if not said.startswith(MARK):
        yield from map(dict, source)
        return
    table = source.with_format("arrow")[:]
    columns = {JSON_COLUMNS: said.removeprefix(MARK).encode()}
    yield from table_rows(table.replace_schema_metadata(columns))


def as_hugging_face(rows: Sequence[Mapping[str, Any]], *, name: str) -> Any:
    """Return dataset rows as a ``datasets.Dataset``."""
    datasets = library()
    table = arrow_table(rows)
    columns = orjson.loads(table.schema.metadata[JSON_COLUMNS])
    info = datasets.DatasetInfo(
        description=MARK + orjson.dumps(columns).decode(), dataset_name=name or None
    )
    return datasets.Dataset(table.replace_schema_metadata(None), info=info)


def library() -> ModuleType:
    """Return the library `datasets`."""
    try:
        return import_module("datasets")
    except ModuleNotFoundError as error:
        if error.name != "datasets":
            raise
        raise MissingExtraError(
            "a Hugging Face dataset needs 'datasets', which is not installed: "
            "pip install datasets"
        ) from None

"""What a Weave script publishes: datasets go to the collector, all else stays here."""

import logging
from typing import Any

from tracer._setup import settings
from tracer.errors import CollectorError
from tracer.evaluation import dataset as _dataset
from tracer.evaluation._names import name_of
from tracer.evaluation._resuming import collector

logger = logging.getLogger("tracer")


class ObjectRef:
    """What `publish` answers: a name, a version, and the object itself by `get`."""

    def __init__(self, name: str, digest: str, thing: Any) -> None:
        self.name = name
        self.digest = digest
        self._thing = thing

    def __repr__(self) -> str:
        return f"ObjectRef({self.uri()!r})"

    def uri(self) -> str:
        """Return the name by which `ref` and `Evaluation` find it again."""
        return f"{self.name}:{self.digest}" if self.digest else self.name

    def get(self) -> Any:
        """Return what was published."""
        return self._thing


def publish(thing: Any, name: str | None = None) -> ObjectRef:
    """Keep a dataset with the collector, as a new version if its rows changed.

    Models, prompts and evaluations are not stored; their reference lives as long as the
    process. A collector that is not there is said once, and stops nothing.
    """
    name = name or getattr(thing, "name", None) or name_of(thing, what="object")
    if not isinstance(thing, _dataset.Dataset):
        return ObjectRef(name, "", thing)
    rows = [example.row for example in thing.examples]
    version = thing.version
    try:
        project = settings().project or "default"
        saved = collector().save_dataset(name, rows, project=project)
        version = saved["version"]
    except CollectorError as error:
        logger.warning("the dataset %s is not published: %s", name, error)
    return ObjectRef(name, version, thing)


def stored_rows(uri: str) -> tuple[str, list[dict[str, Any]]]:
    """Return name and rows of a dataset that the collector has, flat as in Weave.

    Raises:
        NotFoundError: There is none of this name, or of this version.
    """
    name, _, version = uri.rpartition("/")[2].partition(":")
    wanted = None if version in ("", "latest") else version
    found = collector().dataset(name, wanted)
    return name, [flat_row(row) for row in found.rows]


def flat_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row in the form of docs/api.md as Weave has it, its columns flat."""
    aside = {key: row[key] for key in ("expected", "output") if row[key] is not None}
    return {"id": row["id"], **row["inputs"], **row["metadata"], **aside}

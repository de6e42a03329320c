"""What every part of `Client` asks with: one API, moments, conditions, rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tracer._client.api import Api, conditions, in_path, moment
from tracer._client.records import Row
from tracer._client.rows import Rows, typed

Time = datetime | str | int
"""An aware or local datetime, ISO 8601 text, nanoseconds since 1970, or ``7d``."""

Where = Sequence[Sequence[Any]]
"""Conditions ``(field, op, value)`` that must all hold; docs/api.md lists them."""


class Asking:
    """A part of the client: it holds the one API that all of them ask."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def _list(self, path: str, **parameters: Any) -> Rows:
        return rows_of(self._api.get(path, **parameters))

    def _write(
        self, path: str, document: Mapping[str, Any], *, read_only: frozenset[str]
    ) -> Row:
        """Save a document and return it with its new version.

        Args:
            path: Where its like are kept.
            document: ``id`` and whatever changed; with ``version``, the one that this
                write replaces.
            read_only: Keys that are not sent.

        Raises:
            ConflictError: Somebody else wrote it since.
        """
        body = {key: value for key, value in document.items() if key not in read_only}
        body["replaces"] = document.get("version")
        where = f"{path}/{in_path(str(document['id']))}"
        return typed(self._api.send("PUT", where, body))


def rows_of(answer: Mapping[str, Any]) -> Rows:
    """Return the rows of an answer that is not read page by page."""
    rows = (typed(row) for row in answer["rows"])
    return Rows(rows, truncated=answer.get("truncated", False))


def window(
    project: str | None,
    since: Time | None,
    until: Time | None,
    where: Where | None,
) -> dict[str, Any]:
    """Return what most lists are asked with."""
    return {
        "project": project,
        "since": moment(since),
        "until": moment(until),
        "where": conditions(where),
    }

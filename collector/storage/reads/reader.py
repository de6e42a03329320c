"""Running the files of ``queries/`` on a read handle."""

import functools
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import Any

import orjson
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import StorageError

Row = dict[str, Any]

TOO_SLOW_CODES = frozenset({159, 394})
"""TIMEOUT_EXCEEDED, QUERY_WAS_CANCELLED."""

TOO_MUCH_CODES = frozenset({241, 396})
"""MEMORY_LIMIT_EXCEEDED, TOO_MANY_ROWS_OR_BYTES."""

SETTINGS = {
    "date_time_output_format": "'iso'",
    "output_format_json_validate_utf8": "1",
    "output_format_arrow_string_as_string": "1",
    "join_use_nulls": "1",
    # rewritten to empty(evaluation_id), the condition no longer fits the roll-up
    # (seen with engine 26.9)
    "optimize_empty_string_comparisons": "0",
    "max_result_rows": "1000000",
    "max_execution_time": "30",
}
"""Appended to every statement: a SET around each call would cost two more."""


@dataclass(frozen=True)
class Asked:
    """One statement with all that it needs, to be answered in either format."""

    name: str
    """The file ``queries/NAME.sql``."""

    parameters: Mapping[str, Any]
    """Values, which travel beside the statement."""

    parts: Mapping[str, str]
    """What stands for the words with ``$``."""


class EngineError(StorageError):
    """The engine refused or ended a statement."""

    def __init__(self, name: str, error: ClickHouseError) -> None:
        super().__init__(f"{name}: {error}")
        code = getattr(error, "code", None)
        self.is_too_slow = code in TOO_SLOW_CODES
        self.is_too_much = code in TOO_MUCH_CODES


class ReadEnded(StorageError):
    """The one who asked has left: no further statement is run."""


@functools.cache
def _text(name: str) -> str:
    return (resources.files("collector.storage") / "queries" / f"{name}.sql").read_text(
        "utf-8"
    )


@functools.cache
def statement(name: str) -> Template:
    """Return the file ``queries/NAME.sql`` without its comments, parts put in.

    ``$span_columns`` and its like stand for a file of ``queries/parts``; other words
    with ``$`` are conditions and orders made by our own code.
    """
    lines = [line for line in _text(name).splitlines() if not line.startswith("--")]
    template = Template("\n".join(lines))
    parts = {
        word: statement(f"parts/{word}").template.rstrip()
        for word in template.get_identifiers()
        if (
            resources.files("collector.storage") / f"queries/parts/{word}.sql"
        ).is_file()
    }
    return Template(template.safe_substitute(parts))


class Reader:
    """One caller's reads on one lent handle; every statement carries the same mark.

    The mark is a comment, by which `kill` finds the statement: chDB has no query ids.
    """

    def __init__(
        self,
        client: Client,
        mark: str,
        ended: threading.Event | None = None,
        *,
        text_indexed: bool = False,
    ) -> None:
        self._client = client
        self._ended = ended
        self.mark = mark
        self.text_indexed = text_indexed
        """Whether inputs and outputs are searched by their text index."""

    @staticmethod
    def new_mark() -> str:
        """Return a mark that no other reader has."""
        return f"read-{uuid.uuid4().hex}"

    def rows(self, name: str, parameters: Mapping[str, Any], **parts: str) -> list[Row]:
        """Return the rows as dictionaries."""
        lines = self.lines(name, parameters, **parts)
        return [orjson.loads(line) for line in lines]

    def lines_of(self, asked: Asked) -> list[bytes]:
        """Return the rows as the engine wrote them, one JSON object each."""
        return self.lines(asked.name, asked.parameters, **asked.parts)

    def arrow_of(self, asked: Asked) -> bytes:
        """Return the rows as an Arrow stream that the engine wrote."""
        return self.arrow(asked.name, asked.parameters, **asked.parts)

    def lines(
        self, name: str, parameters: Mapping[str, Any], **parts: str
    ) -> list[bytes]:
        """Return the rows as the engine wrote them, one JSON object each."""
        return self._run("JSONEachRow", name, parameters, parts).splitlines()

    def arrow(self, name: str, parameters: Mapping[str, Any], **parts: str) -> bytes:
        """Return the rows as an Arrow stream that the engine wrote."""
        return self._run("ArrowStream", name, parameters, parts)

    def _run(
        self,
        fmt: str,
        name: str,
        parameters: Mapping[str, Any],
        parts: Mapping[str, str],
    ) -> bytes:
        if self._ended is not None and self._ended.is_set():
            raise ReadEnded(f"{name}: the caller left")
        settings = ", ".join(f"{key} = {value}" for key, value in SETTINGS.items())
        sql = (
            f"/* {name} {self.mark} */\n{statement(name).substitute(parts)}\n"
            f"SETTINGS {settings}"
        )
        try:
            return self._client.raw_query(sql, parameters=dict(parameters), fmt=fmt)
        except ClickHouseError as error:
            raise EngineError(name, error) from error


def kill(client: Client, mark: str) -> None:
    """End the running statements of one `Reader`, without waiting for it."""
    client.command(
        "KILL QUERY WHERE position(query, {mark:String}) > 0"
        " AND query NOT LIKE 'KILL QUERY%' ASYNC",
        parameters={"mark": mark},
    )

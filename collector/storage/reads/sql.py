"""Running a user's statement that came through the jail."""

import re

from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.storage.engine import Handle
from collector.storage.reads.reader import EngineError
from collector.storage.sql.jail import Jailed, refused

MAX_ROWS = 10_000
"""Rows of an answer."""


def run_jailed(client: Handle, jailed: Jailed, *, mark: str) -> list[bytes]:
    """Return the rows as the engine wrote them; one over `MAX_ROWS` if there are more.

    Args:
        client: handle lent for ``sql``: read-only, with limits.
        jailed: the statement.
        mark: by which it can be ended.

    Raises:
        Refusal: 400, what the engine says about the statement.
        EngineError: it took too long or needs too much memory.
    """
    sql = f"/* sql {mark} */\n{jailed.sql}"
    try:
        answer = client.raw_query(sql, parameters=jailed.parameters, fmt="JSONEachRow")
    except ClickHouseError as error:
        failure = EngineError("sql", error)
        if failure.is_too_slow or failure.is_too_much:
            raise failure from error
        raise refused(_said(error), "docs/sql.md lists the columns") from None
    lines: list[bytes] = answer.splitlines()
    return lines


def _said(error: ClickHouseError) -> str:
    """Return the engine's sentence without the statement around it."""
    text = re.sub(r"^.*?DB::Exception:\s*", "", str(error).strip(), flags=re.DOTALL)
    text = re.split(r": (?:In scope|[Ww]hile) |\. Stack trace|\n", text)[0]
    return text.replace("public_v1_", "")[:300]

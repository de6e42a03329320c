"""Running a user's statement that came through the jail."""

import re

from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.storage.engine import Purpose, Store
from collector.storage.reads.reader import EngineError
from collector.storage.sql.jailed import Jailed, refused

MAX_ROWS = 10_000
"""Rows of an answer."""

UNKNOWN_IDENTIFIER = 47
"""The engine knows no such column; it says so before it looks at a row."""


def run_jailed(
    store: Store, jailed: Jailed, *, mark: str, fmt: str = "JSONEachRow"
) -> bytes:
    """Return the rows as the engine wrote them; one over `MAX_ROWS` if there are more.

    Args:
        store: lends a handle of its own, read-only, with limits.
        jailed: the statement.
        mark: by which it can be ended.
        fmt: how they are written, in the engine's word.

    Raises:
        Refusal: 400, what the engine says about the statement.
        EngineError: it took too long or needs too much memory.
    """
    sql = f"/* sql {mark} */\n{jailed.sql}"
    purpose: Purpose = "confined sql" if jailed.is_confined else "sql"
    try:
        with store.handle(purpose) as client:
            answer: bytes = client.raw_query(sql, jailed.parameters, fmt=fmt)
            return answer
    except ClickHouseError as error:
        failure = EngineError("sql", error)
        if failure.is_too_slow or failure.is_too_much:
            raise failure from error
        raise refused(_said(error, jailed), "docs/sql.md lists the columns") from None


def _said(error: ClickHouseError, jailed: Jailed) -> str:
    """Return the engine's sentence without the statement around it.

    Of one project's statement also without what the statement does not say itself: no
    value of a row is told, whosever it may be.
    """
    text = re.sub(r"^.*?DB::Exception:\s*", "", str(error).strip(), flags=re.DOTALL)
    text = re.split(r": (?:In scope|[Ww]hile) |\. Stack trace|\n", text)[0]
    text = text.replace("public_v1_", "")
    if jailed.is_confined:
        if getattr(error, "code", None) != UNKNOWN_IDENTIFIER:
            text = text.partition(": ")[0]  # behind it may stand a value, unquoted
        before, *quoted = text.split("'")
        for inside, after in zip(quoted[::2], [*quoted[1::2], ""], strict=False):
            if inside not in jailed.sql:
                return f"{before}…"[:300]
            before += f"'{inside}'{after}"
        text = before
    return text[:300]

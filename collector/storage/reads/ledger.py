"""Whether everything is stored that each process says it sent."""

from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Scope
from collector.storage.writes import REPEAT_DAYS

MOST_MISSING = 100
"""Numbers of missing batches that a row lists."""


def read_ledger(
    reader: Reader, scope: Scope, *, kept_from_s: int, limit: int
) -> list[Row]:
    """Return a row for each process that sent in the window, the latest first.

    Args:
        reader: where it is read.
        scope: projects and the window's beginning.
        kept_from_s: rows received before may be gone by their age, and are taken to
            have been stored; UTC seconds since 1970.
        limit: the most rows wanted.
    """
    found = reader.rows(
        "ledger",
        scope.parameters | {"limit": limit, "kept_from": kept_from_s},
        scope=scope.projects_sql("receipts"),
        days=str(REPEAT_DAYS),
        sure_days=str(REPEAT_DAYS - 1),
        most_missing=str(MOST_MISSING),
    )
    for row in found:
        del row["seen"]
    return found

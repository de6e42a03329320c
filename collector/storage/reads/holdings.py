"""What the store holds of each project, and by which lists it is priced."""

from collector.storage.cluster import Cluster
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Scope


def read_disk(
    reader: Reader, scope: Scope, cluster: Cluster | None = None
) -> list[Row]:
    """Return rows and an estimate of bytes by project, the largest first."""
    parts = "system.parts"
    if cluster is not None:
        parts = f"cluster('{cluster.name}', 'system', 'parts')"
    tables = ("spans", "scores", "events")
    scopes = {table: scope.projects_sql(table) for table in tables}
    return reader.rows("disk", scope.parameters, parts=parts, **scopes)


def read_price_lists(reader: Reader, scope: Scope) -> Row:
    """Return which lists price spans, the user's own entries, and what has no price."""
    return {
        "lists": reader.rows("price_lists", {}),
        "own": reader.rows("own_prices", {}),
        "unpriced": reader.rows("unpriced", scope.parameters, scope=scope.sql("spans")),
    }

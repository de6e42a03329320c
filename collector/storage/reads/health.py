"""How much the store holds."""

from collector.storage.cluster import Cluster
from collector.storage.reads.reader import Reader, Row


def read_health(reader: Reader, cluster: Cluster | None) -> Row:
    """Return how many spans and scores there are, and on how much disk."""
    parts = "system.parts"
    if cluster is not None:
        parts = f"cluster('{cluster.name}', 'system', 'parts')"
    return reader.rows("health", {}, parts=parts)[0]

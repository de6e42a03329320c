"""Takes the bytes of deleted rows off the disk; a delete only hides them at first."""

from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.nodes import on_shards
from collector.storage.statements import sql


@engine_errors()
def erase_deleted(store: Store) -> int:
    """Rewrite the parts that hold deleted rows; return how many partitions had any."""
    return sum(on_shards(store, _erase))


def _erase(client: Handle) -> int:
    found = client.query(sql("masked_partitions")).result_rows
    for table, partition in found:
        client.command(
            f"ALTER TABLE `{table}` APPLY DELETED MASK IN PARTITION ID '{partition}' "
            "SETTINGS mutations_sync = 1, max_execution_time = 600"
        )
    return len(found)

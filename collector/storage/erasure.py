"""Takes the bytes of deleted rows off the disk; a delete only hides them at first."""

from collector.storage.engine import Handle, engine_errors
from collector.storage.statements import sql


@engine_errors()
def erase_deleted(client: Handle) -> int:
    """Rewrite the parts that hold deleted rows; return how many partitions had any."""
    found = client.query(sql("masked_partitions")).result_rows
    for table, partition in found:
        client.command(
            f"ALTER TABLE `{table}` APPLY DELETED MASK IN PARTITION ID '{partition}' "
            "SETTINGS mutations_sync = 1, max_execution_time = 600"
        )
    return len(found)

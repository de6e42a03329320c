"""The way from one queue back to the list."""

from dashboard import address


def close() -> None:
    """Go back to the list of queues."""
    address.leave("queue", "of", "view", "item", "into", "expects")

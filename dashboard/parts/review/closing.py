"""The way from one queue back to the list."""

from dashboard import address


def close() -> None:
    """Go back to the list of queues."""
    names = ("queue", "of", "view", "item", "into", "expects")
    address.change(**dict.fromkeys(names))

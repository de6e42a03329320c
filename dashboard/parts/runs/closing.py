"""The way from one run, or one comparison, back to the list."""

from typing import Final

from dashboard import address

_OWN: Final = (
    *("evaluation", "baseline", "also", "trace", "score", "show", "order", "page"),
    *("tab", "by", "example", "pair", "trial"),
)
"""Parameters of the address that belong to one run or one comparison."""


def close() -> None:
    """Go back to the list of runs."""
    address.leave(*_OWN)

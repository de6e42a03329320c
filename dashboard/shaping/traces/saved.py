"""What a saved view of the traces page holds."""

from collections.abc import Mapping
from typing import Any, Final

PARAMS: Final = (
    *("project", "range", "since", "until"),
    *("q", "filter", "status", "origin", "order", "cols", "live"),
)
"""Parameters of the address that make the page what it is."""


def known(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the parameters that are known and say something."""
    return {name: value for name in PARAMS if (value := (params or {}).get(name))}


def differs(params: Mapping[str, Any] | None, now: Mapping[str, Any]) -> bool:
    """Return whether the page shows something else than a view holds."""
    return known(params) != known(now)

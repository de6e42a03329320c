"""Numbers of bytes as people read them, the same on every page and in the commands."""

from typing import Final

_UNITS: Final = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def size_text(n_bytes: float) -> str:
    """Return bytes in the unit that reads best (``1.2 GB``, of 1,000 MB each)."""
    for step, unit in _UNITS:
        if n_bytes >= step:
            shown = n_bytes / step
            return f"{shown:.0f} {unit}" if shown >= 100 else f"{shown:.1f} {unit}"
    return f"{n_bytes:,.0f} B"

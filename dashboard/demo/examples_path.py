"""Where the examples lie that the demo runs."""

import sys
from pathlib import Path

HERE = Path(__file__).parent


def find_examples() -> None:
    """Let `examples` be imported.

    They are bundled in a wheel, and stand beside our package in a checkout.
    """
    bundled = HERE / "bundled"
    place = str(bundled if bundled.is_dir() else HERE.parents[1])
    if place not in sys.path:
        sys.path.insert(0, place)

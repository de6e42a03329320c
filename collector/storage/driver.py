"""The driver and the engine, loaded without what they would take along.

Both import pandas, numpy and pyarrow if they are installed, to know frames and tables
when they meet some. The collector hands them rows, and pandas, numpy and pyarrow would
take 80 MB and most of the start. pyarrow can still be imported afterwards.
"""

import sys

from clickhouse_connect.driver import options

_OF_FRAMES = ("pd", "pd_time_test", "np")
"""What the driver keeps of pandas and numpy; None where they are not installed."""


def spare_frames() -> None:
    """Have the driver take pandas and numpy for missing, unless it has them already."""
    for name in _OF_FRAMES:
        vars(options).setdefault(name, None)


def load_engine() -> None:
    """Import chDB as where pyarrow is not installed, unless that is loaded already.

    Only the first time: later a thread may be importing pyarrow for its caller.
    """
    if "chdb.state" in sys.modules or "pyarrow" in sys.modules:
        return
    sys.modules["pyarrow"] = None  # type: ignore[assignment]  # ends an import of it
    try:
        import chdb.state  # noqa: F401
    finally:
        del sys.modules["pyarrow"]

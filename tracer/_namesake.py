"""Another distribution has our import name; installed beside us, files get mixed up."""

import os

from tracer._guard import guarded, logger

OTHER = "tracer"
"""A distribution of somebody else's that installs a package of the same name."""

_LOOKING = guarded("look for another package named tracer")


def warn(place: str | None = None) -> None:
    """Say so if the other distribution is installed where this package is.

    Args:
        place: The directory of installed packages; None = where this package lies.
    """
    with _LOOKING:
        place = place or os.path.dirname(os.path.dirname(__file__))
        # importlib.metadata would take as long to import as all the rest
        if any(_is_other(name) for name in os.listdir(place)):
            logger.warning(
                "the distribution %r is installed in %s too, and overwrites parts of "
                "this package; run: pip uninstall %s, then reinstall tracer-evals",
                OTHER,
                place,
                OTHER,
            )


def _is_other(name: str) -> bool:
    return name.startswith(f"{OTHER}-") and name.endswith((".dist-info", ".egg-info"))

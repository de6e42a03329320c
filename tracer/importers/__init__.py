"""Runs, datasets, traces and scores of other systems, with the ids they have there.

One module a system, each with ``read``; `save` stores what was found. Importing the
same again changes nothing: every id is the foreign one, or follows from it.
"""

from tracer.importers._found import (
    Found,
    ImportedPrediction,
    ImportedRun,
    ImportedScore,
    ImportedSpan,
    Unread,
)
from tracer.importers._saving import Saved, save

__all__ = [
    "Found",
    "ImportedPrediction",
    "ImportedRun",
    "ImportedScore",
    "ImportedSpan",
    "Saved",
    "Unread",
    "save",
]

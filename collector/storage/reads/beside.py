"""Whose scores stand beside a run's own of the same name, under names of their own."""

from collections.abc import Sequence

from collector.storage.reads.reader import Reader
from collector.storage.reads.scope import Scope


def raters_beside(
    reader: Reader, scope: Scope, runs: Sequence[str]
) -> dict[str, list[int]]:
    """Return the parameter ``beside`` of what sums up these runs' scores.

    A number stands for a run, a name and a rater (``parts/score_shown.sql``).
    """
    found = reader.rows(
        "scores_beside",
        scope.parameters | {"ids": list(runs)},
        scope=scope.projects_sql("scores"),
    )
    return {"beside": [int(row["key"]) for row in found]}

"""Scores over time, as sums from which a mean and its interval can be made."""

from collections.abc import Sequence
from dataclasses import dataclass

from collector.refusals import bad_filter
from collector.storage.conditions import Condition
from collector.storage.fields import SCORES
from collector.storage.filters import Parameters, compile_where
from collector.storage.reads.reader import Asked, Reader, statement
from collector.storage.reads.scope import Scope
from collector.storage.reads.scores import IDENTITY

MAX_ROWS = 10_000
"""Rows of an answer; one more is read, to tell that there are more."""

INTERVALS = ("day", "hour")
_BUCKETS = {
    "day": "toStartOfDay(newest.ts)",
    "hour": "toStartOfHour(newest.ts)",
}
_GROUPS = {
    None: "CAST(NULL, 'Nullable(String)')",
    "author": "nullIf(newest.author, '')",
    "source": "nullIf(newest.source, '')",
    "evaluation": "nullIf(runs.name, '')",
    "model": "coalesce(nullIf(runs.model, ''), nullIf(calls.model, ''))",
    "prompt_version": "nullIf(calls.prompt_version, '')",
}
_JOINS = {
    "evaluation": "parts/evaluation_of_score",
    "model": "parts/model_of_score",
    "prompt_version": "parts/prompt_of_score",
}
GROUPS = tuple(name for name in _GROUPS if name)


@dataclass(frozen=True)
class Trend:
    """Which scores, and how they are put together."""

    interval: str = "day"
    """One of `INTERVALS`."""

    by: str | None = None
    """One of `GROUPS`; None makes one group."""

    names: Sequence[str] = ()
    """Only these scores; all if empty."""

    where: Sequence[Condition] = ()
    """What all versions of a score share, and must hold."""


def read_trend(reader: Reader, scope: Scope, trend: Trend) -> list[bytes]:
    """Return sums by bucket, name and group, oldest first, as JSON."""
    return reader.lines_of(ask_trend(scope, trend))


def ask_trend(scope: Scope, trend: Trend) -> Asked:
    """Return the statement of `read_trend`.

    Raises:
        Refusal: 400 for a condition on what versions of a score may differ in.
    """
    conditions = list(trend.where)
    if trend.names:
        conditions.append(Condition("name", "in", list(trend.names)))
    for condition in conditions:
        if condition.field not in IDENTITY:
            hint = f"use one of {', '.join(sorted(IDENTITY))}"
            raise bad_filter(f"trends have no field {condition.field!r}", hint=hint)
    found = Parameters()
    of_identity = compile_where(conditions, SCORES, found)
    scope_sql = scope.sql("scores")
    join = ""
    if trend.by in _JOINS:
        join = statement(_JOINS[trend.by]).substitute(
            scope=scope_sql,
            events=scope.projects_sql("evaluation_events"),
            spans=scope.projects_sql("spans"),
        )
    return Asked(
        "score_trend",
        scope.parameters | {"limit": MAX_ROWS + 1} | found.values,
        {
            "scope": scope_sql,
            "of_identity": of_identity,
            "bucket": _BUCKETS[trend.interval],
            "group": _GROUPS[trend.by],
            "join": join,
        },
    )

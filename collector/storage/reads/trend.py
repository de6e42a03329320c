"""Scores over time, as sums from which a mean and its interval can be made."""

from collections.abc import Sequence
from dataclasses import dataclass

from collector.api.refusals import bad_filter
from collector.storage.conditions import Condition
from collector.storage.fields import SCORES
from collector.storage.filters import Parameters, compile_where
from collector.storage.reads.reader import Asked, statement
from collector.storage.reads.scope import Scope
from collector.storage.reads.scores import IDENTITY

MAX_ROWS = 10_000
"""Rows of an answer; one more is read, to tell that there are more."""

INTERVALS = ("day", "week", "hour", "quarter", "total")
_BUCKETS = {
    "total": "CAST(NULL, 'Nullable(DateTime(\\'UTC\\'))')",
    "quarter": "toStartOfFifteenMinutes(newest.ts)",
    "hour": "toStartOfHour(newest.ts)",
    "day": "toStartOfDay(newest.ts)",
    "week": "toDateTime(toMonday(newest.ts), 'UTC')",
}
OF_CALLS = ("prompt_name", "prompt_version", "environment", "release", "service")
"""What a score is grouped by that its trace says: the first of its spans that does."""
_GROUPS: dict[str | None, str] = {
    None: "CAST(NULL, 'Nullable(String)')",
    "author": "nullIf(newest.author, '')",
    "source": "nullIf(newest.source, '')",
    "evaluation": "nullIf(runs.name, '')",
    "model": "coalesce(nullIf(runs.model, ''), nullIf(calls.model, ''))",
    "tags": "nullIf(toString(arrayJoin(emptyArrayToSingle(calls.said))), '')",
    **dict.fromkeys(OF_CALLS, "nullIf(calls.said, '')"),
}
_JOINS = {
    "evaluation": "parts/evaluation_of_score",
    "model": "parts/model_of_score",
    **dict.fromkeys((*OF_CALLS, "tags"), "parts/call_of_score"),
}
OF_PEOPLE = " · people"
"""What the name of a score ends with that people gave where scorers did, too."""

TELLS_PEOPLE = ("author", "source")
"""Groups that keep people apart themselves."""

GROUPS = tuple(name for name in _GROUPS if name)


@dataclass(frozen=True)
class Trend:
    """Which scores, and how they are put together."""

    interval: str = "day"
    """One of `INTERVALS`."""

    by: str | None = None
    """One of `GROUPS`; None makes one group. A trace of two tags is in both groups."""

    names: Sequence[str] = ()
    """Only these scores; all if empty."""

    where: Sequence[Condition] = ()
    """What all versions of a score share, and must hold."""


def ask_trend(scope: Scope, trend: Trend) -> Asked:
    """Return the statement of sums by bucket, name and group, oldest first.

    Raises:
        Refusal: 400 for a condition on what versions of a score may differ in.
    """
    found = Parameters()
    of_identity = compile_where(_conditions(trend), SCORES, found)
    scope_sql = scope.sql("scores")
    join = ""
    if trend.by in _JOINS:
        join = statement(_JOINS[trend.by]).substitute(
            scope=scope_sql,
            **_said_of_calls(trend.by),
            events=scope.projects_sql("evaluation_events"),
            spans=scope.projects_sql("spans"),
        )
    of_many = "parts/newest_of_many_scores"
    newest = statement(of_many if scope.projects is None else "parts/newest_scores")
    tells_people = trend.by in TELLS_PEOPLE
    named = statement("parts/trend_name").substitute(
        scope=scope_sql, of_identity=of_identity
    )
    return Asked(
        "score_trend",
        scope.parameters
        | {"limit": MAX_ROWS + 1, "shown": list(trend.names)}
        | found.values,
        {
            "named": "newest.name" if tells_people else named,
            "shown": "clusters.name IN {shown:Array(String)}"
            if trend.names and not tells_people
            else "1",
            "newest": newest.substitute(scope=scope_sql, of_identity=of_identity),
            "bucket": _BUCKETS[trend.interval],
            "group": _GROUPS[trend.by],
            "join": join,
        },
    )


def _conditions(trend: Trend) -> list[Condition]:
    """Return what the scores asked for share; of people's also the name they gave."""
    conditions = list(trend.where)
    if trend.names:
        own = [name.removesuffix(OF_PEOPLE) for name in trend.names]
        names = list(dict.fromkeys([*trend.names, *own]))
        conditions.append(Condition("name", "in", names))
    for condition in conditions:
        if condition.field not in IDENTITY:
            hint = f"use one of {', '.join(sorted(IDENTITY))}"
            raise bad_filter(f"trends have no field {condition.field!r}", hint=hint)
    return conditions


def _said_of_calls(by: str | None) -> dict[str, str]:
    """Return how a trace's own word on a group is read; not used by other joins."""
    if by == "tags":
        said = "groupUniqArrayArray(spans.tags)"
        return {"said": said, "present": "notEmpty(spans.tags)"}
    column = f"spans.{by}"
    return {"said": f"argMin({column}, spans.ts)", "present": f"{column} != ''"}

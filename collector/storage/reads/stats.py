"""Numbers over many calls: counts, latency, usage; and which values a field has."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from collector.api.refusals import Refusal, close_matches
from collector.storage.conditions import Condition
from collector.storage.fields import SPANS
from collector.storage.filters import Parameters, compile_where
from collector.storage.reads.reader import Asked, Reader
from collector.storage.reads.scope import Scope

HOUR_NS = 3600 * 10**9
WHOLE_HOURS_FROM_NS = 48 * HOUR_NS
"""Windows this long are counted in whole hours, so that the roll-up can answer."""

MAX_ROWS = 10_000
"""Rows of an answer; one more is read, to tell that there are more."""

INTERVALS = ("total", "minute", "quarter", "hour", "day", "week")
UNITS = ("calls", "spans", "streams")
_BUCKETS = {
    "total": "CAST(NULL, 'Nullable(DateTime(\\'UTC\\'))')",
    "minute": "toStartOfMinute(spans.ts)",
    "quarter": "toStartOfFifteenMinutes(spans.ts)",
    "hour": "toStartOfHour(spans.ts)",
    "day": "toStartOfDay(toStartOfHour(spans.ts))",
    "week": "toDateTime(toMonday(toStartOfHour(spans.ts)), 'UTC')",
}
FINER_THAN_HOURS = frozenset({"minute", "quarter"})
BY_FIELDS = (
    *("model", "name", "kind", "user_id", "session_id", "environment", "release"),
    *("service", "prompt_name", "prompt_version", "status", "provider", "error_type"),
    "tags",
)
SHARED_BY_ALL_SPANS = frozenset({None, "environment", "release", "service"})
"""Groups that come with the process: usage may be added up span by span."""


@dataclass(frozen=True)
class Question:
    """How calls are to be counted."""

    interval: str = "total"
    """One of `INTERVALS`: the width of a bucket."""

    by: str | None = None
    """A field of `BY_FIELDS` or ``metadata.KEY``; None makes one group. What has two
    tags counts in the groups of both."""

    unit: str = "calls"
    """``calls`` counts entry spans, ``spans`` all, ``streams`` spans whose first token
    was timed: their percentiles are of the time to it."""

    where: Sequence[Condition] = ()
    """What must hold of the spans counted."""

    limit: int = MAX_ROWS
    """Rows wanted at most; of a total those with most calls."""

    @property
    def is_one_row(self) -> bool:
        """Whether the answer is a single row, also for no calls at all."""
        return self.interval == "total" and self.by is None


def ask_stats(reader: Reader, scope: Scope, question: Question) -> Asked:
    """Return the statement of counts, percentiles and usage, oldest bucket first.

    Without calls, ``total`` without groups is still one row.
    """
    parameters, parts = stats_parts(reader, scope, question)
    of_spans = counted_spans(question)
    if of_spans is not None:
        return Asked("stats_of_spans", parameters, parts | of_spans)
    if question.by in SHARED_BY_ALL_SPANS and not question.where:
        return Asked("stats_of_calls", parameters, parts)
    of_calls = "" if question.is_one_row else "GROUP BY calls.bucket, calls.group"
    del parts["grouping"]
    return Asked("stats_by_trace", parameters, parts | {"of_calls": of_calls})


def stats_parts(
    reader: Reader, scope: Scope, question: Question
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return parameters and parts of every statement that counts by time and group."""
    if question.interval not in FINER_THAN_HOURS and is_long(scope):
        scope = in_whole_hours(scope)
        scope_sql = scope.sql("spans", time="toStartOfHour(spans.ts)")
    else:
        scope_sql = scope.sql("spans")
    found = Parameters(text_indexed=reader.text_indexed)
    judged = scope.projects_sql("scores")
    where = compile_where(question.where, SPANS, found, scope=scope_sql, scores=judged)
    parts = {
        "scope": scope_sql,
        "where": where,
        "bucket": _BUCKETS[question.interval],
        "group": group_sql(question.by, found),
        "grouping": "" if question.is_one_row else "GROUP BY bucket, group",
    }
    return scope.parameters | found.values | {"limit": question.limit + 1}, parts


def counted_spans(question: Question) -> dict[str, str] | None:
    """Return which spans count for themselves, and how long each took; None: calls."""
    took = {"took": "spans.duration_ns"}
    if question.unit == "streams":
        timed = "isNotNull(spans.time_to_first_token_ns)"
        first = "assumeNotNull(spans.time_to_first_token_ns)"
        return {"counted": timed, "took": first}
    if question.unit == "spans":
        return took | {"counted": "1"}
    if question.by == "model":
        return took | {"counted": "spans.usage_counts"}
    return None


def is_long(scope: Scope) -> bool:
    """Return whether the window is so long that hours are fine enough."""
    if scope.since_ns is None:
        return True
    end_ns = time.time_ns() if scope.until_ns is None else scope.until_ns
    return end_ns - scope.since_ns >= WHOLE_HOURS_FROM_NS


def in_whole_hours(scope: Scope) -> Scope:
    """Return the scope with both ends moved outwards to whole hours."""
    since_ns, until_ns = scope.since_ns, scope.until_ns
    return replace(
        scope,
        since_ns=None if since_ns is None else since_ns // HOUR_NS * HOUR_NS,
        until_ns=None if until_ns is None else -(-until_ns // HOUR_NS) * HOUR_NS,
    )


def group_sql(by: str | None, parameters: Parameters) -> str:
    """Return the expression that rows are grouped by.

    Raises:
        Refusal: 400 for a field that cannot be grouped by.
    """
    if by is None:
        return "CAST(NULL, 'Nullable(String)')"
    if by == "tags":
        return "nullIf(toString(arrayJoin(emptyArrayToSingle(spans.tags))), '')"
    if by in BY_FIELDS:
        return f"nullIf(toString(spans.{by}), '')"
    prefix, _, key = by.partition(".")
    if prefix == "metadata" and key:
        return f"nullIf(spans.metadata[{parameters.add(key, 'String')}], '')"
    hint = close_matches(by, [*BY_FIELDS, "metadata.KEY"])
    raise Refusal(400, "bad_parameter", f"by {by!r} is not known", hint=hint)


def ask_errors(
    reader: Reader, scope: Scope, where: Sequence[Condition], *, limit: int
) -> Asked:
    """Return the statement of why calls failed, the newest reason first."""
    scope_sql = scope.sql("spans")
    found = Parameters(text_indexed=reader.text_indexed)
    judged = scope.projects_sql("scores")
    met = compile_where(where, SPANS, found, scope=scope_sql, scores=judged)
    parameters = scope.parameters | found.values | {"limit": limit}
    return Asked("errors", parameters, {"scope": scope_sql, "where": met})


def ask_values(scope: Scope, field: str, *, limit: int) -> Asked:
    """Return the statement of ``value n first_ns last_ns``, the most frequent first.

    ``metadata`` stands for its keys, ``score`` for the names of scores, ``prompt`` for
    a prompt's name with its version.

    Raises:
        Refusal: 400 for a field that has no values to choose from.
    """
    parameters = scope.parameters | {"limit": limit}
    if field == "score":
        return Asked("score_names", parameters, {"scope": scope.sql("scores")})
    found = Parameters()
    value, present = _value_sql(field, found)
    parts = {"scope": scope.sql("spans"), "value": value, "present": present}
    return Asked("values", parameters | found.values, parts)


def _value_sql(field: str, parameters: Parameters) -> tuple[str, str]:
    """Return the expression of a field's value, and when it is there."""
    if field == "prompt":
        named = "trimBoth(concat(spans.prompt_name, ' ', spans.prompt_version))"
        return named, "(spans.prompt_name != '' OR spans.prompt_version != '')"
    if field == "metadata":
        return "arrayJoin(mapKeys(spans.metadata))", "notEmpty(spans.metadata)"
    prefix, _, key = field.partition(".")
    if key and prefix in SPANS.maps:
        entry = f"{SPANS.maps[prefix]}[{parameters.add(key, 'String')}]"
        return entry, f"{entry} != ''"
    known = {name: one for name, one in SPANS.fields.items() if _has_choices(name)}
    if field not in known:
        hint = close_matches(
            field, [*known, "metadata", "metadata.KEY", "score", "prompt"]
        )
        raise Refusal(400, "bad_parameter", f"field {field!r} is not known", hint=hint)
    sql = known[field].sql
    if known[field].type == "list":
        return f"arrayJoin({sql})", f"notEmpty({sql})"
    if known[field].type == "number":
        return sql, f"isNotNull({sql})"
    return sql, f"{sql} != ''"


def _has_choices(name: str) -> bool:
    payload = ("input", "output", "expected", "input_preview", "output_preview")
    return name not in payload and SPANS.fields[name].type in ("text", "list", "number")

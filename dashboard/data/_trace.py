"""One trace: its steps, what one of them said, its scores, and what tokens cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import roles
from dashboard.data._reading import (
    Row,
    cached,
    client,
    forget,
    kept,
    together,
)
from dashboard.shaping.conditions import Condition

MOST_FOUND: Final = 200
"""Steps that a search through their content finds at most."""


TRACE_S: Final = 30
"""How long a trace is fresh: few still grow while they are read."""


@dataclass(frozen=True, eq=False)
class Trace:
    """One trace: its steps in time, without what they said."""

    row: Row
    """The trace as lists show it."""
    spans: Sequence[Row]
    """Its steps, parents first; nobody may change them."""
    scores: Sequence[Row]
    """The newest version of each of its scores."""
    truncated: bool
    """Whether it has more steps than these."""
    judges_cost_usd: float | None
    """What judging cost; it is part of the row's cost."""


@kept(ttl_s=TRACE_S, max_entries=50, renew_behind=True)
def trace(trace_id: str) -> Trace:
    """Return one trace, its steps without their content; the same one while fresh.

    Raises:
        NotFoundError: No span of it is stored.
    """
    found = client().trace(trace_id, content=False)
    judges = found.judge_usage.get("cost_usd")
    return Trace(found.row, found.spans, found.scores, found.truncated, judges)


@cached
def span(trace_id: str, span_id: str) -> Row:
    """Return one step with its content.

    Raises:
        NotFoundError: It is not stored.
    """
    return client().span(trace_id, span_id)


def entry_span(trace_id: str) -> Row:
    """Return the entry span of a trace with its content."""
    return span(trace_id, trace(trace_id).row["span_id"])


@cached
def spans_saying(
    trace_id: str, project: str, words: str, *, start_ns: int
) -> list[str]:
    """Return the ids of the steps whose input or output has these words.

    Args:
        trace_id: Which trace.
        project: Its project.
        words: What is looked for, as it is.
        start_ns: When the trace began; steps up to a day after it are looked at.
    """
    says = ("text", "contains", words)
    return _ids_of_spans(trace_id, project, says, start_ns=start_ns, limit=MOST_FOUND)


@cached
def first_saying(trace_id: str, project: str, *, start_ns: int) -> str | None:
    """Return the id of the first step that has an input or output, None if none has.

    The arguments are those of `spans_saying`.
    """
    says = ("text", "exists", None)
    found = _ids_of_spans(trace_id, project, says, start_ns=start_ns, limit=1)
    return found[0] if found else None


def _ids_of_spans(
    trace_id: str, project: str, says: Condition, *, start_ns: int, limit: int
) -> list[str]:
    minute_ns, day_ns = 60 * 10**9, 24 * 3600 * 10**9
    found = client().spans(
        project=project,
        since=start_ns - minute_ns,
        until=start_ns + day_ns,
        where=[("trace_id", "=", trace_id), says],
        order="start",
        limit=limit,
        origin="all",
    )
    return [row["span_id"] for row in found]


def replayed(project: str, replay_id: str) -> Row | None:
    """Return the model call that a replay made; None if it is not stored."""
    forget()
    found = client().spans(
        project=project,
        where=[("metadata.replay_id", "=", replay_id), ("kind", "=", "llm")],
        limit=1,
    )
    return found[0] if found else None


@cached
def score_versions(score_id: str, project: str) -> list[Row]:
    """Return every version of a score."""
    where = [("score_id", "=", score_id)]
    found = client().scores(
        project=project, since=0, where=where, versions=True, deleted=True
    )
    return list(found)


def add_score(project: str, name: str, **score: Any) -> None:
    """Store a person's score."""
    client().add_score(
        name, project=project, source="human", author=roles.author(), **score
    )
    forget()


def add_scores(project: str, name: str, trace_ids: Sequence[str], **score: Any) -> None:
    """Store the same score of a person for several traces, some at the same time."""
    writer = client()
    told: dict[str, Any] = {"source": "human", "author": roles.author(), **score}

    def write(trace_id: str) -> None:
        writer.add_score(name, project=project, trace_id=trace_id, **told)

    together(write, trace_ids)
    forget()


_IDENTITY: Final = (
    *("trace_id", "span_id", "evaluation_id", "example_id", "trial"),
    *("source", "author", "repeat"),
)
"""What a new version of a score has in common with the one before."""


def edit_score(
    score: Row,
    *,
    value: float | bool | None,
    label: str | None,
    explanation: str | None,
) -> None:
    """Store a new version of a score; earlier ones are kept."""
    _write(score, value, label=label, explanation=explanation)


def delete_score(score: Row) -> None:
    """Take a score back; its versions are kept, and lists show it no more."""
    value = bool(score["value"]) if score["type"] == "bool" else score["value"]
    kept = {"label": score["label"], "explanation": score["explanation"]}
    _write(score, value, deleted=True, **kept)


def _write(score: Row, value: float | bool | None, **fields: Any) -> None:
    """Store a version of a score at the moment of the judgement that it is about."""
    same = {name: score[name] for name in _IDENTITY if score[name] is not None}
    client().add_score(
        score["name"],
        value,
        project=score["project"],
        at=score["at_ns"],
        metadata=score["metadata"],
        **same,
        **fields,
    )
    forget()

"""The tables of one step: its attributes, events, links and scores."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.traces import score_words
from dashboard.shaping.traces.steps import short
from tracer import semconv

Row = Mapping[str, Any]

MOST_SHOWN: Final = 2_000
"""Characters of one value in a table."""


def attribute_rows(
    span: Row, groups: Mapping[str, str], *, query: str = ""
) -> list[dict[str, Any]]:
    """Return a span's identity, attributes and resource, sorted by name within each.

    Args:
        span: The step with its content.
        groups: What people call ``identity``, ``attributes`` and ``resource``.
        query: Only rows in which all of these words stand, in name or value.
    """
    identity = {
        name: span[name]
        for name in ("trace_id", "span_id", "parent_span_id", "service", "scope")
    }
    words = query.lower().split()
    found = [
        (groups[group], key, short(value))
        for group, held in (
            ("identity", identity),
            ("attributes", dict(sorted((span["attributes"] or {}).items()))),
            ("resource", dict(sorted((span["resource"] or {}).items()))),
        )
        for key, value in held.items()
        if value not in (None, "")
    ]
    kept = [
        each
        for each in found
        if all(word in f"{each[1]} {each[2]}".lower() for word in words)
    ]
    return [
        cells.row(
            f"{index}",
            group=cells.words(group, soft=True),
            name=cells.words(key, mono=True, soft=True),
            value=cells.words(_cut(value), mono=True),
        )
        for index, (group, key, value) in enumerate(kept)
    ]


def _cut(value: str) -> str:
    """Return the beginning of a long value; the step's JSON has all of it."""
    if len(value) <= MOST_SHOWN:
        return value
    return f"{value[:MOST_SHOWN]}… ({len(value):,})"


def event_rows(span: Row) -> list[dict[str, Any]]:
    """Return a span's events, oldest first, each with its time after the start."""
    return [
        cells.row(
            f"{index}",
            at=numbers.signed(
                (event["time_ns"] - span["start_ns"]) / 1e6, numbers.duration
            ),
            name=cells.words(event["name"]),
            value=cells.words(
                "\n".join(
                    f"{key}: {_cut(short(value))}"
                    for key, value in event["attributes"].items()
                ),
                mono=True,
            ),
        )
        for index, event in enumerate(span["events"] or [])
    ]


def link_rows(span: Row) -> list[dict[str, Any]]:
    """Return the calls that a span points at as rows; each opens the call's trace."""
    return [
        cells.row(
            link["trace_id"],
            name=cells.words(link["attributes"].get(semconv.LINK)),
            trace=cells.words(link["trace_id"], mono=True),
            span=cells.words(link["span_id"].strip("0") and link["span_id"], mono=True),
        )
        for link in span["links"] or []
    ]


def score_rows(
    scores: Iterable[Row], sources: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return scores as rows, by name; `sources` says what each source is called."""
    return [
        cells.row(
            score["score_id"],
            name=cells.words(score["name"]),
            value=score_words.cell(score),
            source=cells.words(_giver(score, sources), soft=True),
            explanation=cells.words(score["explanation"] or score["error"]),
            at=cells.time(score["at_ns"]),
        )
        for score in sorted(scores, key=lambda score: str(score["name"]))
    ]


def _giver(score: Row, sources: Mapping[str, str]) -> str:
    source = sources.get(score["source"], score["source"])
    return " · ".join(filter(None, (source, score["author"])))


def version_rows(versions: Iterable[Row], *, deleted: str) -> list[dict[str, Any]]:
    """Return all versions of one score as rows, newest first.

    Args:
        versions: As the collector has them.
        deleted: What people call a version that took the score back.
    """
    newest = sorted(versions, key=lambda score: score["version_ns"], reverse=True)
    return [
        cells.row(
            f"{score['version_ns']}",
            value=cells.words(deleted, tone="bad")
            if score["deleted"]
            else score_words.cell(score),
            explanation=cells.words(score["explanation"] or score["error"]),
            at=cells.time(score["version_ns"]),
        )
        for score in newest
    ]

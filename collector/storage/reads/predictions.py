"""The predictions of one evaluation run, by example and trial, with their scores."""

import base64
from collections import defaultdict
from statistics import fmean
from typing import Any

import orjson

from collector.api.refusals import Refusal
from collector.storage.fields import PREDICTIONS
from collector.storage.filters import Parameters, compile_where
from collector.storage.reads.beside import raters_beside
from collector.storage.reads.evaluations import scope_of_run
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Page, Scope
from collector.storage.reads.shaping import listed, parsed, with_metadata, with_usage
from tracer import semconv

MAX_SCORES = 1_000_000
SPAN_ID_BYTES = 8
_PLACE = "(spans.first_seen, example_id, trial_or_0, span_id)"
_TRACES = (
    "spans.trace_id IN"
    " (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))"
)
_AFTER = (
    "(fromUnixTimestamp64Nano({after_ns:Int64}, 'UTC'), {after_example:String},"
    " {after_trial:UInt32}, {after_span:String})"
)


def list_predictions(
    reader: Reader, scope: Scope, run: Row, page: Page
) -> tuple[list[Row], str | None]:
    """Return one page of predictions and the cursor of the next, None at the end.

    Examples come in the order in which they were first seen, trials within them.
    """
    scope = scope_of_run(scope, run)
    keys = _keys(reader, scope, run, page)
    cursor = None
    if len(keys) > page.limit:
        keys = keys[: page.limit]
        cursor = _cursor_at(keys[-1])
    if not keys:
        return [], None
    parameters = scope.parameters | {
        "trace_ids": [key["trace_id"] for key in keys],
        "span_ids": [key["span_id"] for key in keys],
    }
    rows = reader.rows("predictions", parameters, scope=scope.sql("spans"), run=_TRACES)
    by_span = {row["span_id"]: _shaped(row) for row in rows}
    if any(row["attached"] for row in by_span.values()):
        _count_attached(reader, scope, parameters, by_span)
    scores = _scores(reader, scope, run, keys)
    return [
        by_span[key["span_id"]]
        | {"scores": scores.get((key["example_id"], key["trial_or_0"]), {})}
        for key in keys
    ], cursor


def _keys(reader: Reader, scope: Scope, run: Row, page: Page) -> list[Row]:
    found = Parameters()
    where = compile_where(page.where, PREDICTIONS, found)
    parameters: dict[str, Any] = scope.parameters | found.values
    parameters |= {"id": run["id"], "limit": page.limit + 1}
    behind = "1"
    if page.cursor is not None:
        behind = f"{_PLACE} > {_AFTER}"
        parameters |= _place_of(page.cursor)
    return reader.rows(
        "prediction_keys",
        parameters,
        scope=scope.sql("spans"),
        where=where,
        behind=behind,
    )


def _cursor_at(key: Row) -> str:
    place = [key[name] for name in ("first_seen_ns", "example_id", "trial_or_0")]
    return base64.urlsafe_b64encode(orjson.dumps([*place, key["span_id"]])).decode()


def _place_of(cursor: str) -> dict[str, Any]:
    try:
        first_seen_ns, example, trial, span = orjson.loads(
            base64.urlsafe_b64decode(cursor)
        )
        fits = 0 <= int(first_seen_ns) < 2**63 and 0 <= int(trial) < 2**32
        if not fits or len(bytes.fromhex(span)) != SPAN_ID_BYTES:
            raise ValueError(cursor)
        return {
            "after_ns": int(first_seen_ns),
            "after_example": str(example),
            "after_trial": int(trial),
            "after_span": str(span),
        }
    except (ValueError, TypeError, OverflowError):
        raise Refusal(
            400,
            "bad_cursor",
            f"cursor {cursor[:80]!r} is none of this list",
            hint="pass `next` of the answer before, with the same parameters",
        ) from None


def _shaped(row: Row) -> Row:
    content = {name: parsed(row[name]) for name in ("input", "output", "expected")}
    attached = {"attached": _attached(row.pop("links"))}
    return with_metadata(row) | content | attached


def _attached(links: str) -> list[Row]:
    """Return the calls that a prediction names as its own; see `semconv.LINK`."""
    if f'"{semconv.LINK}"' not in links:
        return []
    named = [
        link
        for link in listed(links)
        if link["attributes"].get(semconv.LINK) == semconv.ATTACHED
    ]
    return [
        {
            "trace_id": link["trace_id"],
            "span_id": link["span_id"] if link["span_id"].strip("0") else None,
        }
        for link in named
    ]


def _count_attached(
    reader: Reader, scope: Scope, parameters: dict[str, Any], rows: dict[str, Row]
) -> None:
    """Add to predictions what the calls used that they name, and take their time."""
    for used in reader.rows(
        "attached_usage",
        parameters | {"limit": len(rows)},
        scope=scope.sql("spans"),
        run=_TRACES,
        projects=scope.projects_sql("spans"),
    ):
        row = rows.get(used["span_id"])
        if row is not None:
            row |= with_usage(row, used)
            row["model"] = row["model"] or used["model"]
            row["duration_ms"] = used["duration_ms"]


def _scores(
    reader: Reader, scope: Scope, run: Row, keys: list[Row]
) -> dict[tuple[str, int], dict[str, Row]]:
    """Return (example, trial) to name to score; of people's the mean, as in sums."""
    examples = list({key["example_id"] for key in keys})
    rows = reader.rows(
        "prediction_scores",
        scope.parameters
        | raters_beside(reader, scope, [run["id"]])
        | {"id": run["id"], "examples": examples, "limit": MAX_SCORES},
        scope=scope.projects_sql("scores"),
    )
    said: defaultdict[tuple[str, int], dict[str, list[Row]]] = defaultdict(dict)
    for row in rows:
        place = row.pop("example_id"), row.pop("trial")
        said[place].setdefault(row.pop("name"), []).append(row)
    return {
        place: {name: _as_one(some) for name, some in by_name.items()}
        for place, by_name in said.items()
    }


def _as_one(rows: list[Row]) -> Row:
    """Return the latest score; where several people gave one, with their mean."""
    latest = rows[-1]
    people = [
        row
        for row in rows
        if row["source"] in semconv.PEOPLE and row["value"] is not None
    ]
    if len(people) < 2:
        return people[0] if people else latest
    mean = fmean(row["value"] for row in people)
    is_between = latest["type"] == "bool" and mean not in (0, 1)
    authors = dict.fromkeys(row["author"] for row in people if row["author"])
    return people[-1] | {
        "value": mean,
        "type": "number" if is_between else people[-1]["type"],
        "author": ", ".join(authors) or None,
    }

"""Evaluation runs: how they stand, and what they say about each score."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from collector.storage.fields import EVALUATIONS
from collector.storage.filters import Parameters, compile_where
from collector.storage.reads.beside import raters_beside
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import (
    AFTER_TIME,
    Order,
    Page,
    Scope,
    encode_cursor,
    order_of,
)
from collector.storage.reads.shaping import parsed, with_metadata, with_usage

SILENCE_S = 120
"""A run that has not been heard of for this long and did not finish is incomplete."""

HOUR_NS = 3600 * 10**9
MAX_SUMS = 1_000_000
MAX_VIEWS = 1000
_ID = "reinterpretAsFixedString(sipHash64(runs.id))"
ORDERS = {"start": Order("runs.started", AFTER_TIME, _ID)}
_NO_TOTALS = {
    **dict.fromkeys(("n_examples", "n_predictions", "n_errors", "n_score_errors"), 0),
    **dict.fromkeys(("input_tokens", "output_tokens"), None),
    **dict.fromkeys(("judge_input_tokens", "judge_output_tokens"), None),
    **dict.fromkeys(("cost_usd", "judge_cost_usd"), None),
    **dict.fromkeys(("latency_p50_ms", "latency_p95_ms"), None),
}


def list_evaluations(
    reader: Reader, scope: Scope, page: Page
) -> tuple[list[Row], str | None]:
    """Return one page of runs and the cursor of the next, None at the end."""
    rows = _runs(reader, scope, page)
    cursor = None
    if len(rows) > page.limit:
        rows = rows[: page.limit]
        cursor = encode_cursor(page.order, rows[-1]["start_ns"], rows[-1]["sort_id"])
    return _with_totals(reader, scope, rows), cursor


def read_evaluation(reader: Reader, scope: Scope, evaluation_id: str) -> Row | None:
    """Return one run, None if it is unknown."""
    anywhere = replace(scope, since_ns=None, until_ns=None)
    rows = _runs(reader, anywhere, Page(limit=1), evaluation_id)
    return _with_totals(reader, anywhere, rows)[0] if rows else None


def evaluation_sums(reader: Reader, scope: Scope, run: Row) -> list[bytes]:
    """Return the sums of a run by score and example, as JSON."""
    spans = scope_of_run(scope, run)
    beside = raters_beside(reader, scope, [run["id"]])
    return reader.lines(
        "evaluation_sums",
        spans.parameters | beside | {"id": run["id"], "limit": MAX_SUMS},
        spans_scope=spans.sql("spans"),
        scores_scope=scope.projects_sql("scores"),
    )


def list_views(reader: Reader, scope: Scope, run: Row) -> list[Row]:
    """Return the views of a run, oldest first; `MAX_VIEWS` at most."""
    rows = reader.rows(
        "evaluation_views",
        scope.parameters | {"id": run["id"], "limit": MAX_VIEWS},
        scope=scope.projects_sql("evaluation_events"),
    )
    return [row | {"metadata": parsed(row["metadata"]) or {}} for row in rows]


def evaluation_measures(reader: Reader, scope: Scope, run: Row) -> list[Row]:
    """Return what the predictions of a run took, one row an example, first seen first.

    Each measure is a list with one value a prediction, trial by trial.
    """
    spans = scope_of_run(scope, run)
    parameters = spans.parameters | {"id": run["id"], "limit": MAX_SUMS}
    parts = {"scope": spans.sql("spans"), "run": "spans.evaluation_id = {id:String}"}
    used: dict[str, Row] = {}
    if reader.rows("linked_predictions", parameters, **parts):
        parts["projects"] = spans.projects_sql("spans")
        calls = reader.rows("attached_usage", parameters, **parts)
        used = {one["span_id"]: one for one in calls}
    rows = reader.rows("evaluation_measures", parameters, **parts)
    return [_measured(row, used) for row in rows]


def _measured(row: Row, used: Mapping[str, Row]) -> Row:
    """Return an example's row with what the calls took that its predictions name."""
    for place, span_id in enumerate(row["span_ids"]):
        if span_id in used:
            names = ("input_tokens", "output_tokens", "cost_usd")
            own = {name: row[name][place] for name in names}
            for name, total in with_usage(own, used[span_id]).items():
                row[name][place] = total
            row["latency_ms"][place] = used[span_id]["duration_ms"]
    ours = ("by_trial", "span_ids")
    return with_metadata({k: v for k, v in row.items() if k not in ours})


def scope_of_run(scope: Scope, run: Row) -> Scope:
    """Return where the spans of a run are: from an hour before its start on."""
    since_ns = run["start_ns"] - HOUR_NS
    return replace(scope, since_ns=since_ns, until_ns=None, origin="all")


def _runs(
    reader: Reader, scope: Scope, page: Page, evaluation_id: str | None = None
) -> list[Row]:
    order = order_of(page, ORDERS)
    found = Parameters()
    where = compile_where(page.where, EVALUATIONS, found)
    parameters: dict[str, Any] = scope.parameters | found.values
    parameters |= {"limit": page.limit + 1, "silence_s": SILENCE_S}
    one = "1"
    if evaluation_id is not None:
        parameters["id"] = evaluation_id
        one = "evaluation_events.evaluation_id = {id:String}"
    return reader.rows(
        "evaluations",
        parameters,
        projects=scope.projects_sql("evaluation_events"),
        one=one,
        window=replace(scope, origin="all").sql("runs", time="runs.started"),
        where=where,
        behind=order.behind(page, parameters),
        order=order.sql(descending=page.descending),
        id=_ID,
    )


def _with_totals(reader: Reader, scope: Scope, runs: Sequence[Row]) -> list[Row]:
    if not runs:
        return []
    earliest = min(runs, key=lambda run: int(run["start_ns"]))
    spans = scope_of_run(scope, earliest)
    parameters = spans.parameters | {"ids": [run["id"] for run in runs]}
    totals = _by_id(
        reader.rows(
            "evaluation_totals",
            parameters,
            scope=spans.sql("spans"),
            run="spans.evaluation_id IN {ids:Array(String)}",
        )
    )
    _count_attached(reader, spans, totals)
    parameters |= raters_beside(reader, scope, parameters["ids"])
    scores = scope.projects_sql("scores")
    judged = _by_id(reader.rows("evaluation_means", parameters, scope=scores))
    return [
        {
            **{k: v for k, v in with_metadata(run).items() if k != "sort_id"},
            **_NO_TOTALS,
            "means": {},
            **totals.get(run["id"], {}),
            **judged.get(run["id"], {}),
        }
        for run in runs
    ]


def _count_attached(reader: Reader, scope: Scope, totals: dict[str, Row]) -> None:
    """Add what calls used that predictions name as theirs; take their time, too."""
    linked = [run["id"] for run in totals.values() if run.pop("n_links")]
    if not linked:
        return
    for used in reader.rows(
        "attached_totals",
        scope.parameters | {"ids": linked},
        scope=scope.sql("spans"),
        run="spans.evaluation_id IN {ids:Array(String)}",
        projects=scope.projects_sql("spans"),
    ):
        totals[used["id"]] |= with_usage(totals[used["id"]], used)
        for name in ("latency_p50_ms", "latency_p95_ms"):
            totals[used["id"]][name] = used[name]


def _by_id(rows: Sequence[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}

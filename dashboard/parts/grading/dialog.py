"""The dialog that grades: choose, see what it costs, start, and watch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboard import data, roles
from dashboard.parts import states
from dashboard.parts.grading import choosing, progress
from dashboard.shaping import numbers
from dashboard.shaping.conditions import Condition
from dashboard.shaping.grading import choosing as grading
from dashboard.shaping.markdown import plain
from dashboard.shaping.windows import Window
from dashboard.texts import section, text
from tracer.worker.estimating import JobEstimate, of_grading

MOST_TRACES = 1000


@dataclass(frozen=True)
class Target:
    """What is graded."""

    kind: str
    """Kind of the job: ``score_dataset`` or ``score_traces``."""
    project: str
    """Where it is."""
    params: Mapping[str, Any]
    """What of the job says which rows."""
    title: str
    """What it is, for people."""


@roles.for_editors
def dataset_button(name: str, project: str, version: str) -> None:
    """Offer to grade the stored outputs of a dataset's version."""
    if roles.may("edit") and st.button(
        text("grading.button"),
        icon=":material/grading:",
        type="primary",
        help=text("grading.dataset_help"),
        key="grade-dataset",
    ):
        params = {"dataset": name, "version": version}
        open_dialog(Target("score_dataset", project, params, name))


@roles.for_editors
def filter_button(
    project: str, window: Window, where: Sequence[Condition], origin: str
) -> None:
    """Offer to grade all traces of a project that a filter lets through."""
    if roles.may("edit") and st.button(
        text("grading.all"),
        icon=":material/grading:",
        help=text("grading.all_help", n=numbers.count(MOST_TRACES)),
        key="grade-all",
    ):
        params = {
            "where": [list(condition) for condition in where],
            "since": window.since.isoformat(),
            "until": window.end(datetime.now(UTC)).isoformat(),
            "origin": origin,
            "limit": MOST_TRACES,
        }
        open_dialog(_traces(project, params, text("grading.filtered")))


@roles.for_editors
def checked_button(project: str, trace_ids: Sequence[str]) -> None:
    """Offer to grade the traces that are checked."""
    label = text("grading.checked", n=len(trace_ids))
    if roles.may("edit") and st.button(
        label, icon=":material/grading:", key="grade-checked"
    ):
        params = {"trace_ids": list(trace_ids)}
        open_dialog(_traces(project, params, text("grading.chosen")))


def _traces(project: str, params: Mapping[str, Any], title: str) -> Target:
    given = {name: value for name, value in params.items() if value is not None}
    return Target("score_traces", project, given, title)


def open_dialog(target: Target) -> None:
    """Open the dialog; a job that was started in an earlier one goes on by itself."""
    st.session_state.pop("grading-job", None)
    st.dialog(text("grading.title"), width="large")(_dialog)(target)


@states.explained()
def _dialog(target: Target) -> None:
    if started := st.session_state.get("grading-job"):
        progress.watch(started, target.project)
        return
    target = _narrowed(target)
    with st.spinner(text("grading.reading")):
        found = data.sample(target.kind, target.params, target.project)
    unit = "counts.row" if target.kind == "score_dataset" else "counts.trace"
    st.caption(
        text(
            f"grading.about_{target.kind}",
            name=plain(target.title),
            project=plain(target.project),
            rows=numbers.plural(found.n_rows, text(unit)),
        )
    )
    if not found.n_rows:
        st.info(text("grading.nothing"), icon=":material/filter_alt_off:")
        return
    if all(row.get("output") is None for row in found.rows):
        st.info(text(f"grading.no_output_{target.kind}"), icon=":material/info:")
    left, right = st.columns(2, gap="large")
    with left:
        metrics = choosing.metrics(found.rows, key=target.kind)
    with right:
        judges = choosing.judges(target.project, found.rows, key=target.kind)
    again = _again(target)
    made = [judge.judge for judge in judges]
    _start(
        target,
        metrics,
        [judge.id for judge in judges],
        again=again,
        estimate=of_grading(made, found.rows, n_rows=found.n_rows),
    )


def _narrowed(target: Target) -> Target:
    """Return the target, of a dataset with splits the one that is chosen."""
    if target.kind != "score_dataset":
        return target
    name, version = target.params["dataset"], target.params["version"]
    split = choosing.split(name, target.project, version, key="grading")
    params = {**target.params, **({"split": split} if split else {})}
    return replace(target, params=params)


def _again(target: Target) -> bool | None:
    if target.kind != "score_traces":
        return None
    return st.checkbox(text("grading.again"), key="grading-again") or None


def _start(
    target: Target,
    metrics: list[Any] | None,
    judges: list[str],
    *,
    again: bool | None,
    estimate: JobEstimate,
) -> None:
    limit = estimate_line(estimate, key="grading")
    # said before one is chosen: without a key none of them answers
    progress.worker_line(needs_key=bool(data.judges(target.project)))
    chosen = metrics is not None and bool(metrics or judges)
    if st.button(
        text("grading.start"),
        type="primary",
        icon=":material/play_arrow:",
        disabled=not chosen,
        help=None if chosen else text("grading.choose_first"),
        key="grading-start",
    ):
        params = {
            **target.params,
            "metrics": metrics,
            "judges": judges,
            "spending_limit_usd": limit,
            "again": again,
        }
        params = {name: value for name, value in params.items() if value is not None}
        started = data.start_job(target.kind, params, target.project)
        st.session_state["grading-job"] = started
        st.rerun(scope="fragment")


def estimate_line(found: JobEstimate, *, key: str) -> float | None:
    """Draw what it will cost, and ask for a limit; return the limit in US dollars."""
    columns = st.columns([1, 1, 1.4, 1, 1.4], vertical_alignment="bottom")
    facts = grading.estimate_facts(found, section("grading.estimate"))
    for column, (label, value) in zip(columns, facts, strict=False):
        with column:
            st.metric(label, value)
    with columns[-1]:
        limit = _limit(found, key=key)
    if models := ", ".join(plain(one) for one in found.unpriced if one):
        st.caption(text("grading.unpriced", models=models))
    elif not found.n_requests:
        st.caption(text("grading.no_call"))
    return limit


def _limit(found: JobEstimate, *, key: str) -> float | None:
    is_off = bool(found.unpriced) or not found.n_requests
    suggested = grading.suggested_limit(found)
    limit = st.number_input(
        text("grading.limit"),
        min_value=0.0,
        value=suggested,
        step=0.01,
        format="%.2f",
        placeholder=text("grading.no_limit"),
        disabled=is_off,
        help=text("grading.limit_help"),
        key=f"{key}-limit-{suggested}",
    )
    return None if is_off or limit is None else float(limit)

"""The runs of one dataset, the best first, and which the best cannot be told from."""

from collections import Counter

import streamlit as st

from dashboard import address, data
from dashboard.parts import choices, components, states
from dashboard.parts.components import Main
from dashboard.parts.runs.checked import compare_button
from dashboard.parts.runs.chosen import WIDTH_PX
from dashboard.parts.runs.placeholder import while_reading
from dashboard.scope import Scope
from dashboard.shaping.markdown import plain
from dashboard.shaping.runs import board, evaluations, listing
from dashboard.texts import section, text
from tracer.stats import higher_is_better


def draw(here: Scope) -> None:
    """Draw the leaderboard of the dataset that the address names."""
    with while_reading(420):
        facets = data.run_facets(here.project, here.window.coarse())
    sizes: Counter[str] = Counter()
    for row in facets:
        sizes[row["dataset"] or ""] += row["n"]
    datasets = [name for name, _ in sizes.most_common() if name]
    if not datasets:
        states.nothing_yet("board.empty", snippet="snippets.evaluation")
        return
    pickers = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with pickers:
        dataset = choices.select(
            text("evaluations.columns.dataset"),
            datasets,
            names={name: f"{name} · {sizes[name]}" for name in datasets},
            param="board",
            width=WIDTH_PX,
        )
    with while_reading(360):
        found = data.runs_alike(here.project, "dataset", dataset, window=here.window)
        summaries = data.summaries_of(found)
    names = evaluations.score_names(summaries.values())
    if not names:
        st.caption(text("evaluations.no_scores"))
        return
    with pickers:
        by = choices.select(
            text("evaluations.board.by"),
            names,
            names={name: name for name in names},
            param="rank",
            width=WIDTH_PX,
        )
    all_done = all(run["status"] == "done" for run in found)
    beside = [name for name in names if name != by][:1] if all_done else []
    shown = [by, *beside]
    _ranked(found, summaries, by=by, shown=shown, all_done=all_done)


def _ranked(
    found: list[data.Row],
    summaries: evaluations.Summaries,
    *,
    by: str,
    shown: list[str],
    all_done: bool,
) -> None:
    lower = listing.better_low(found)
    ranked = data.ranked(found, by, lower)
    tools = st.container(horizontal=True, vertical_alignment="center")
    checked = components.table(
        board.columns(
            section("evaluations.columns"),
            names=shown,
            words=section("evaluations.board"),
            all_done=all_done,
            has_versions=any(run["dataset_version"] for run in found),
        ),
        board.rows(
            found,
            ranked,
            summaries,
            section("evaluations.board"),
            names=shown,
            points=text("formats.points"),
            statuses=section("statuses"),
        ),
        key="board",
        label=text("evaluations.board.title"),
        order=f"-{by}" if higher_is_better(by, lower=lower) else by,
        checkable=True,
        on_sort=lambda order: address.put("rank", order.removeprefix("-")),
        on_open=lambda run_id: address.put("evaluation", run_id),
        main=Main(),
    )
    best_first = [one.name for one in ranked]
    with tools:
        compare_button(best_first, checked, key="board")
    _notes(found, len(ranked))


def _notes(found: list[data.Row], n_ranked: int) -> None:
    st.caption(text("evaluations.board.note"))
    versions = board.versions(found)
    if len(versions) > 1:
        told = ", ".join(f"{version} × {n}" for version, n in versions)
        st.caption(text("evaluations.board.versions", versions=plain(told)))
    if len(found) == data.PAGE_ROWS:
        st.caption(text("evaluations.board.newest", n=len(found)))
    if left := len(found) - n_ranked:
        st.caption(text("evaluations.board.without", n=left))

"""One evaluation run: its head, its scores, and what may be asked of it."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import choices, components
from dashboard.parts.figures import tiles
from dashboard.parts.runs import about, failures, grid, scores, slices
from dashboard.parts.runs.placeholder import while_reading
from dashboard.parts.runs.unfinished import unfinished
from dashboard.shaping import cells, numbers
from dashboard.shaping.runs import evaluations
from dashboard.texts import section, text
from tracer._client.records import EvaluationRun
from tracer.stats import ScoreSummary

MOST_TILES = 6
SECTIONS: Final[Mapping[str, Callable[[EvaluationRun], None]]] = {
    "examples": grid.draw,
    "scores": scores.draw,
    "slices": slices.draw,
    "measures": scores.draw_measures,
    "failures": failures.draw,
    "about": about.draw,
}


def draw(run_id: str) -> None:
    """Draw the run that the address names."""
    back()
    with while_reading(560):
        run = data.evaluation(run_id)
        data.ahead(lambda: data.comparable(run.row))
        data.opened(run_id)
        summary = run.summary
        others = data.comparable(run.row)
    _head(run)
    _tiles(summary)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown = choices.segmented(
            text("evaluations.section"),
            list(SECTIONS),
            names=section("evaluations.sections"),
            param="tab",
            label_visibility="collapsed",
        )
        st.space("stretch")
        _compare_with(others)
    SECTIONS[shown](run)


def back() -> None:
    """Draw the way back to the list."""
    st.button(
        text("evaluations.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=address.close,
        args=("evaluation",),
    )


def _head(run: EvaluationRun) -> None:
    row = run.row
    components.facts(
        evaluations.run_facts(row, section("evaluations.facts")),
        key="run-head",
        title=row["display_name"] or row["name"] or row["id"],
        badges=[cells.status_badge(row["status"], section("statuses"))],
        is_page=True,
    )
    if row["error"]:
        st.code(row["error"], language=None, wrap_lines=True)
    unfinished(row)


def _tiles(summary: Mapping[str, ScoreSummary]) -> None:
    """Draw the first scores' means; the others are said to be in their section."""
    shown = evaluations.foremost(summary.values())[:MOST_TILES]
    if not shown:
        return
    columns = st.columns(max(4, len(shown)), gap="small")
    for column, one in zip(columns, shown, strict=False):
        with column:
            tiles.score(
                one.name,
                evaluations.headline(one),
                evaluations.interval_line(one, section("evaluations.figures")),
                evaluations.note(one, section("evaluations")),
            )
    if len(summary) > MOST_TILES:
        n = numbers.count(len(summary) - MOST_TILES)
        st.caption(text("evaluations.more_tiles", n=n))


def _compare_with(found: list[data.Row]) -> None:
    others = {row["id"]: row for row in found}
    if not others:
        return

    def choose() -> None:
        left = dict.fromkeys(("tab", "page", "show", "order"))
        address.change(baseline=st.session_state["compare-with"], **left)

    st.selectbox(
        text("evaluations.compare_with"),
        list(others),
        index=None,
        format_func=lambda id: evaluations.run_name(others[id], scope.zone()),
        placeholder=text("evaluations.compare_with"),
        label_visibility="collapsed",
        key="compare-with",
        on_change=choose,
        width=360,
    )

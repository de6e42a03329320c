"""The list of runs, with its filters; or the leaderboard of a dataset."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import address, data
from dashboard.parts import choices, components, heading, pager, states
from dashboard.parts.components import Main
from dashboard.parts.runs import leaderboard
from dashboard.parts.runs.checked import compare_button
from dashboard.parts.runs.placeholder import while_reading
from dashboard.scope import Scope
from dashboard.shaping.conditions import Condition
from dashboard.shaping.runs import evaluations, filters, listing
from dashboard.shaping.runs.listed import listed_scores
from dashboard.texts import section, text

PICKER_PX = 400
SEARCH_BOX = '[class*="st-key-where-"] input'
VIEWS = ("list", "board")


def draw(here: Scope) -> None:
    """Draw the runs of the period, newest first, or ranked."""
    with heading.with_tools(text("evaluations.title")):
        shown = choices.segmented(
            text("evaluations.view"),
            VIEWS,
            names=section("evaluations.ways"),
            param="view",
            label_visibility="collapsed",
        )
    if shown == "board":
        leaderboard.draw(here)
        return
    where = _filters(here)
    with while_reading(420):
        asked = (here.project, here.period, where)
        cursor = pager.cursor("runs", asked)
        found = data.evaluations(here.project, here.window, where=where, cursor=cursor)
    if found.rows:
        _table(found)
    elif where:
        states.nothing_found(text("evaluations.none_match"))
    elif here.last is None:  # nothing was called, and no run needs that
        states.nothing_yet("runs.empty", snippet="snippets.evaluation")
    else:
        states.nothing_in_period(
            "evaluations.empty", here, snippet="snippets.evaluation"
        )


def _filters(here: Scope) -> tuple[Condition, ...]:
    tokens, status = st.columns([5, 3], gap="small", vertical_alignment="top")
    with tokens:
        with while_reading(72):
            coarse = here.window.coarse()
            data.ahead(lambda: data.run_facets(here.project, coarse))
            # as the list asks for its first page: both share the answer
            first = data.evaluations(here.project, here.window, where=(), cursor=None)
            facets = data.run_facets(here.project, coarse)
        chosen = choices.free(
            text("evaluations.filter"),
            filters.suggestions(facets, first.rows),
            param="where",
            hint=text("evaluations.filter_hint"),
        )
    with status:
        state = choices.pills(
            text("evaluations.columns.status"),
            filters.STATUSES,
            names=section("statuses"),
            param="state",
        )
    return filters.run_conditions(chosen, status=state)


def _table(found: data.ListPage) -> None:
    scores = {run["id"]: listed_scores(run) for run in found.rows}
    names = evaluations.score_names(scores.values())
    buttons, shown = _tools(names)
    others = [name for name in names if name not in shown]
    checked = components.table(
        listing.run_columns(
            section("evaluations.columns"),
            shown,
            others,
            lower=listing.better_low(found.rows),
        ),
        listing.run_rows(
            found.rows,
            scores,
            section("evaluations"),
            shown=shown,
            others=others,
            statuses=section("statuses"),
        ),
        key="runs",
        label=text("evaluations.list"),
        checkable=True,
        on_open=lambda wanted: address.put("evaluation", wanted),
        main=Main(search=SEARCH_BOX),
    )
    with buttons:
        compare_button([run["id"] for run in found.rows], checked, key="runs")
        pager.draw("runs", len(found.rows), next_cursor=found.next, unit="counts.run")


def _tools(names: list[str]) -> tuple[DeltaGenerator, list[str]]:
    """Draw the choice of scores; return the place beside it, and the scores chosen."""
    tools = st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"
    )
    with tools:
        buttons = st.container(horizontal=True, vertical_alignment="center")
        shown = choices.several(
            text("evaluations.scores_shown"),
            names,
            param="scores",
            default=names[: listing.USUAL_SCORES],
            most=listing.MOST_SCORES,
            width=PICKER_PX,
        )
    return buttons, shown

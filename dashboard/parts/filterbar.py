"""The filter bar of the traces page; everything it holds is in the address."""

from dataclasses import dataclass

import streamlit as st

from dashboard import data
from dashboard.parts import choices
from dashboard.scope import Scope
from dashboard.shaping import conditions
from dashboard.shaping.conditions import Condition
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text

ORIGINS = ("production", "evaluation", "all")
SUGGESTED = ("kind", "model", "name", "user_id", "environment")
MOST_SUGGESTIONS = 8


@dataclass(frozen=True)
class Filters:
    """What the list is filtered by."""

    where: tuple[Condition, ...]
    """All of these hold."""
    origin: str
    """Rows of production, of evaluations, or all."""


def draw(here: Scope) -> Filters:
    """Draw the bar in one line; return what it says."""
    search, tokens, status, traffic = st.columns(
        [2.2, 4.4, 1.5, 1.3], gap="small", vertical_alignment="top"
    )
    with search:
        searched = st.text_input(
            text("traces.search"),
            type="search",
            placeholder=text("traces.search_hint"),
            key="q",
            bind="query-params",
        )
    with tokens:
        chosen = st.multiselect(
            text("traces.filter"),
            _suggestions(here),
            accept_new_options=True,
            select_all=False,
            placeholder=text("traces.filter_hint"),
            key="filter",
            bind="query-params",
        )
        for words in conditions.searched(chosen):
            st.caption(text("traces.as_text", words=plain(words)))
    with status:
        failed = choices.pills(
            text("traces.columns.status"),
            ["ok", "error"],
            names=section("statuses"),
            param="status",
        )
    with traffic:
        origin = choices.select(
            text("traces.origin"),
            ORIGINS,
            names=section("traces.origins"),
            param="origin",
        )
    where = conditions.trace_conditions(chosen, search=searched or "", status=failed)
    return Filters(tuple(where), origin)


def _suggestions(here: Scope) -> list[str]:
    """Return conditions on values that are there, to choose from while typing."""
    values = data.values((*SUGGESTED, "tags"), here.project, here.window.coarse())
    return [
        conditions.write((field, "contains" if field == "tags" else "=", value))
        for field, found in values.items()
        for value in found[:MOST_SUGGESTIONS]
    ]

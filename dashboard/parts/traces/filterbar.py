"""The filter bar of the traces page; everything it holds is in the address."""

from dataclasses import dataclass

import streamlit as st

from dashboard import address, data
from dashboard.parts import choices
from dashboard.parts.traces import filter_builder
from dashboard.scope import Scope
from dashboard.shaping import conditions
from dashboard.shaping.conditions import Condition
from dashboard.shaping.markdown import plain
from dashboard.shaping.traces import ids, mistakes
from dashboard.shaping.traces.mistakes import Mistake
from dashboard.texts import section, text

ORIGINS = ("production", "evaluation", "all")
SUGGESTED = ("kind", "model", "name", "user_id", "environment")
MOST_SUGGESTIONS = 8
_OPENED = "opened-by-id"


@dataclass(frozen=True)
class Filters:
    """What the list is filtered by."""

    where: tuple[Condition, ...]
    """All of these hold."""
    origin: str
    """Rows of production, of evaluations, or all."""


def draw(here: Scope) -> Filters | None:
    """Draw the bar in one line; return what it says, None if that cannot be asked."""
    _open_what_was_pasted(here)
    above = st.container()  # below the boxes their suggestions would lie over it
    search, tokens, builder, status, traffic = st.columns(
        [2, 3.8, 0.7, 1.5, 1.6], gap="small", vertical_alignment="bottom"
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
        chosen = _tokens(here)
    with builder:
        filter_builder.draw(here)
    with status:
        failed = choices.pills(
            text("traces.columns.status"),
            ["ok", "error", "step_failed"],
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
    with above:
        is_meant = _explained(chosen)
    if not is_meant:
        return None
    where = conditions.trace_conditions(chosen, search=searched or "", status=failed)
    return Filters(tuple(where), origin)


def _tokens(here: Scope) -> list[str]:
    return st.multiselect(
        text("traces.filter"),
        _suggestions(here),
        accept_new_options=True,
        select_all=False,
        placeholder=text("traces.filter_hint"),
        key="filter",
        bind="query-params",
    )


def _explained(chosen: list[str]) -> bool:
    """Say what in the filter box cannot be meant; return whether the rest can be."""
    found = mistakes.mistakes(chosen)
    wrong = {one.text for one in found}
    for one in found:
        draw = st.error if one.stops else st.warning
        draw(_sentence(one), icon=":material/edit:")
    for words in conditions.searched(chosen):
        if words not in wrong:
            st.caption(text("traces.as_text", words=plain(words)))
    return not any(one.stops for one in found)


def _sentence(one: Mistake) -> str:
    near = ", ".join(f"`{name}`" for name in one.near)
    kind = "field_alone" if one.kind == "field" and not near else one.kind
    return text(
        f"mistakes.{kind}", text=plain(one.text), field=plain(one.field), near=near
    )


def _open_what_was_pasted(here: Scope) -> None:
    """Open the trace of an id or a link in the search box, and empty the box.

    A page that came by a link keeps what that put into the box until it runs again:
    what was opened is remembered so long, for it may have been closed meanwhile.
    """
    pasted = str(st.session_state.get("q", address.get("q")) or "")
    opened = st.session_state.pop(_OPENED, None)
    trace_id = ids.trace_id_in(pasted)
    if trace_id and not data.is_stored(trace_id):
        st.warning(
            text("traces.not_stored", id=trace_id),
            title=text("error.missing"),
            icon=":material/link_off:",
        )
        return
    span_id = ids.span_id_in(pasted)
    if span_id:
        trace_id = data.trace_of_span(span_id, here.project, here.window)
    if trace_id:
        st.session_state["q"] = ""
        if pasted != opened:
            st.session_state[_OPENED] = pasted
            address.change(trace=trace_id, span=span_id)


def _suggestions(here: Scope) -> list[str]:
    """Return conditions on values that are there, to choose from while typing."""
    values = data.values((*SUGGESTED, "tags"), here.project, here.window.coarse())
    return [
        conditions.write((field, "contains" if field == "tags" else "=", value))
        for field, found in values.items()
        for value in found[:MOST_SUGGESTIONS]
    ]

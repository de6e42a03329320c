"""One trace: what it was, its steps in time, and what the chosen step said."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import streamlit as st

from dashboard import address, data
from dashboard.data import Trace
from dashboard.parts import components, states
from dashboard.parts.step import view as step_view
from dashboard.parts.traces import adding, scoring
from dashboard.shaping import cells, conditions, numbers
from dashboard.shaping.traces import steps
from dashboard.shaping.traces.ids import trace_id_in
from dashboard.shaping.traces.waterfall import (
    first_choice,
    first_speaking,
    waterfall,
)
from dashboard.texts import section, text

Row = data.Row


@states.explained()
def show(trace_id: str, *, on_close: Callable[[], None] | None = None) -> None:
    """Draw a trace with everything about the step that is chosen in it.

    Args:
        trace_id: Which trace.
        on_close: Closes it; None in a drawer, which has its own way.
    """
    if address.get("trace") != trace_id:  # another was opened, or this one left
        st.rerun()
    if trace_id_in(trace_id) is None:  # cut short, or never an id: none is stored
        states.not_stored("trace", trace_id)
        return
    found = data.trace(trace_id)
    span = _chosen(found)
    _heading(found, span, on_close)
    _steps(found, span["span_id"])
    step_view.show(found, span)


def _chosen(found: Trace) -> Row:
    """Return the step to show with its content.

    Unless one is asked for or failed it is the entry span, or the first that says
    anything: a request of a web framework says nothing.
    """
    trace_id = found.row["trace_id"]
    if chosen := first_choice(found.spans, address.get("span")):
        return data.span(trace_id, chosen)
    entry = data.span(trace_id, found.spans[0]["span_id"])
    if len(found.spans) == 1 or steps.says_something(entry):
        return entry
    started_ns = _start(found.spans)
    saying = data.first_saying(trace_id, found.row["project"], start_ns=started_ns)
    return data.span(trace_id, first_speaking(found.spans, saying))


def _heading(found: Trace, span: Row, on_close: Callable[[], None] | None) -> None:
    trace = found.row
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        components.facts(
            [],
            key=f"title-{trace['trace_id']}",
            title=trace["name"] or text("trace.untitled"),
            badges=[cells.status_badge(cells.status_of(trace), section("statuses"))],
        )
        _actions(found, span, in_drawer=on_close is None)
        if on_close and st.button(
            "",
            icon=":material/close:",
            help=text("traces.close"),
            type="tertiary",
            key="close-trace",
        ):
            on_close()
            st.rerun()  # of the whole page: the trace is drawn in a part of it
    components.facts(
        steps.facts(
            trace,
            section("trace.facts"),
            ways=_ways_on(trace),
            judges_cost_usd=found.judges_cost_usd,
        ),
        key=f"head-{trace['trace_id']}",
    )
    if found.truncated:
        st.caption(text("trace.truncated", n=numbers.count(len(found.spans))))


def _ways_on(trace: Row) -> dict[str, str]:
    """Return where the user, the session and the run of a trace are looked at."""
    ways: dict[str, tuple[str, dict[str, str]]] = {}
    if user := trace["user_id"]:
        wanted = conditions.write(("user_id", "=", user))
        ways["user"] = ("traces", {"filter": wanted, "origin": "all"})
    if session := trace["session_id"]:
        ways["session"] = ("sessions", {"session": session, "of": trace["project"]})
    if run := trace["evaluation_id"]:
        ways["evaluation"] = ("evaluations", {"evaluation": run})
    return {
        name: address.link(view, project=trace["project"], **params)
        for name, (view, params) in ways.items()
    }


def _actions(found: Trace, span: Row, *, in_drawer: bool) -> None:
    scoring.button(found.row, span)
    if in_drawer:  # a drawer is a dialog, and Streamlit opens one at a time
        st.page_link(
            "views/traces.py",
            label=text("trace.open_full"),
            icon=":material/open_in_full:",
            query_params=address.with_scope(
                trace=found.row["trace_id"], span=span["span_id"], origin="all"
            ),
        )
        return
    project = found.row["project"]
    adding.button([span], key=f"add-{span['span_id']}", project=project)


def _steps(found: Trace, chosen: str) -> None:
    trace_id = found.row["trace_id"]
    count = numbers.plural(len(found.spans), text("counts.step"))
    components.waterfall(
        {
            **_tree(found),
            **_told(trace_id, chosen),
            "found": _found(found),
            "labels": {"count": count},
        },
        key=f"steps-{trace_id}",
        on_pick=lambda span_id: _pick(trace_id, span_id),
        on_search=lambda words: _search(trace_id, words),
    )


_trees: Final[WeakKeyDictionary[Trace, dict[str, Any]]] = WeakKeyDictionary()
"""What was drawn of each trace, as long as the trace itself is kept."""


def _tree(found: Trace) -> dict[str, Any]:
    """Return the waterfall of a trace, made once: every choice draws it again."""
    if found not in _trees:
        _trees[found] = waterfall(found.row["trace_id"], found.spans)
    return _trees[found]


@dataclass
class _Choice:
    """What the component of a trace's steps was told, and what it told since."""

    told: str
    """The step that it was told to choose."""
    turn: int
    """When, so that the same step can be told once more."""
    known: str
    """The step that is chosen there."""


def _told(trace_id: str, chosen: str) -> dict[str, Any]:
    """Return the chosen step, as the component has to be told it.

    A choice that was made in the component is known there: as long as nothing else
    changes, all that was sent stays the same, and is not sent again.
    """
    choices: dict[str, _Choice] = st.session_state.setdefault("steps-chosen", {})
    choice = choices.get(trace_id)
    if choice is None or choice.known != chosen:
        choice = choices[trace_id] = _Choice(chosen, time.time_ns() // 1_000, chosen)
    return {"selected": choice.told, "turn": choice.turn}


def _pick(trace_id: str, span_id: str) -> None:
    choice = st.session_state.get("steps-chosen", {}).get(trace_id)
    if choice is not None:
        choice.known = span_id
    address.put("span", span_id)


def _search(trace_id: str, words: str) -> None:
    st.session_state["steps-searched"] = (trace_id, words.strip())


def _found(found: Trace) -> dict[str, Any] | None:
    """Return which steps say what was searched for in their content."""
    trace_id, words = st.session_state.get("steps-searched", ("", ""))
    if trace_id != found.row["trace_id"] or not words:
        return None
    ids = data.spans_saying(
        trace_id, found.row["project"], words, start_ns=_start(found.spans)
    )
    places = {span["span_id"]: at for at, span in enumerate(found.spans)}
    return {
        "query": words,
        "places": [places[span_id] for span_id in ids if span_id in places],
        "more": len(ids) >= data.MOST_FOUND,
    }


def _start(spans: Sequence[Row]) -> int:
    return min(int(span["start_ns"]) for span in spans)

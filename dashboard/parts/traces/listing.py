"""The list of traces: a page of the server's, or the newest while they arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from dashboard import address, data
from dashboard.parts import components, pager, states
from dashboard.parts.components import Main
from dashboard.parts.traces import actions, columns, live
from dashboard.parts.traces.filterbar import Filters
from dashboard.scope import Scope
from dashboard.shaping import conditions
from dashboard.shaping.traces import listing
from dashboard.texts import section, text

HEIGHT_PX: Final = 676
SEARCH_BOX: Final = ".st-key-q input"


@dataclass(frozen=True)
class Asked:
    """What the list shows."""

    here: Scope
    """What the page looks at."""
    filters: Filters
    """What the list is filtered by."""
    order: str
    """What it is ordered by."""
    open_id: str | None
    """The trace that is open beside it."""


def draw(asked: Asked, found: data.ListPage) -> None:
    """Draw one page of the list with what can be done to it."""
    bar = _bar()
    checked = _table(asked, found.rows)
    with bar:
        if found.rows and not asked.open_id:
            _actions(asked, found.rows, checked)
        pager.draw(
            "traces",
            len(found.rows),
            next_cursor=found.next,
            unit="counts.trace",
            is_narrow=bool(asked.open_id),
        )


@st.fragment
@states.explained()
def draw_live(asked: Asked) -> None:
    """Draw the newest traces; while one looks on, this alone runs again and again."""
    if address.get("trace") != asked.open_id:
        st.rerun()
    held = live.is_paused() or _has_checked()
    rows, fresh = live.look(asked.here, asked.filters, held=held)
    bar = _bar()
    every_ms = None if held else live.EVERY_MS
    checked = _table(asked, rows, fresh=fresh, every_ms=every_ms)
    if not rows:
        st.caption(text("live.waiting"))
    with bar:
        live.status(len(fresh), held=held)
        if rows and checked and not asked.open_id:
            _actions(asked, rows, checked)


def _bar() -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", key="trace-bar")


def _actions(asked: Asked, rows: Sequence[data.Row], checked: list[str]) -> None:
    about = actions.chosen(rows, checked, asked.here, asked.filters, _uncheck)
    actions.draw(about)


def _uncheck() -> None:
    st.session_state["traces-round"] = st.session_state.get("traces-round", 0) + 1


def _has_checked() -> bool:
    """Return whether rows are checked: then they must not move away."""
    return bool((st.session_state.get(_key(narrow=False)) or {}).get("checked"))


def _key(*, narrow: bool) -> str:
    """Return the table's identity: another one begins with nothing checked."""
    done = st.session_state.get("traces-round", 0)
    name = "traces-narrow" if narrow else "traces-wide"
    return f"{name}-{done}" if done else name


def _table(
    asked: Asked,
    rows: Sequence[data.Row],
    *,
    fresh: set[str] | None = None,
    every_ms: int | None = None,
) -> list[str]:
    narrow = bool(asked.open_id)
    names, statuses = section("traces.columns"), section("statuses")
    chosen = columns.chosen()
    return components.table(
        listing.narrow_columns(names)
        if narrow
        else listing.list_columns(names, chosen),
        listing.narrow_rows(rows, statuses, fresh=fresh or ())
        if narrow
        else listing.list_rows(rows, statuses, chosen, way=_way, fresh=fresh or ()),
        key=_key(narrow=narrow),
        label=text("traces.list"),
        selected=asked.open_id,
        order=asked.order,
        height_px=HEIGHT_PX,
        checkable=not narrow,
        on_open=lambda trace_id: address.put("trace", trace_id),
        on_sort=_sort,
        main=Main(
            search=SEARCH_BOX,
            on_close=(lambda _: address.close("trace")) if asked.open_id else None,
            every_ms=every_ms,
        ),
    )


def _sort(wanted: str) -> None:
    address.put("order", wanted)


def _way(what: str, row: Mapping[str, Any]) -> str:
    """Return where the user of a trace, or its session, is looked at."""
    if what == "session":
        return address.link("sessions", session=row["session_id"], of=row["project"])
    return address.link(
        "traces",
        filter=conditions.write(("user_id", "=", row["user_id"])),
        **{name: address.get(name) for name in ("cols", "live", "origin")},
    )

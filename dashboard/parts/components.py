"""Our own components, mounted from the script and style files beside this one."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard.shaping.cells import Cell, Column
from dashboard.texts import section, text

HERE: Final = Path(__file__).parent
_MARKUP: Final = {
    "table": '<div class="root"><div class="table" role="grid"></div></div>',
    "waterfall": (
        '<div class="root"><div class="frame"><div class="line axis"></div>'
        '<div class="view" role="tree"><div class="space"></div>'
        '<div class="rows"></div></div></div></div>'
    ),
    "tiles": '<div class="root"><div class="tiles" role="list"></div></div>',
    "facts": '<div class="root"><div class="facts"></div></div>',
    "conversation": '<div class="root"><div class="talk" role="log"></div></div>',
}


@st.cache_resource
def _component(name: str) -> Any:
    def file(path: str) -> str:
        return (HERE / path).read_text(encoding="utf-8")

    return st.components.v2.component(
        f"tracer_{name}",
        html=_MARKUP[name],
        css=file("base.css") + file(f"{name}.css"),
        js=file("base.js") + file(f"{name}.js"),
    )


def table(
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: str,
    label: str,
    selected: str | None = None,
    order: str | None = None,
    height_px: int | None = None,
    checkable: bool = False,
    on_open: Callable[[str], None] | None = None,
    on_sort: Callable[[str], None] | None = None,
) -> list[str]:
    """Draw a table; return the ids of its checked rows, in no particular order.

    Args:
        columns: What is shown, left to right.
        rows: Rows made by `cells.row`, in the order shown.
        key: Identity of the widget.
        label: Accessible name.
        selected: Id of the row that is open.
        order: Which column the rows are ordered by (``-start``).
        height_px: Most it takes before it scrolls; None for all of it.
        checkable: Whether rows carry a box to check.
        on_open: Told the id of the row, or of the cell, that was clicked.
        on_sort: Told the order that a heading asks for.
    """
    shown = {
        "columns": [column.as_data() for column in columns],
        "rows": list(rows),
        "label": label,
        "selected": selected,
        "order": order,
        "height": height_px,
        "checkable": checkable,
        "opens": on_open is not None,
    }
    return _table(shown, key=key, on_open=on_open, on_sort=on_sort)


def _table(
    shown: Mapping[str, Any],
    *,
    key: str,
    on_open: Callable[[str], None] | None,
    on_sort: Callable[[str], None] | None,
) -> list[str]:
    state = st.session_state.get(key) or {}
    result = _component("table")(
        key=key,
        data={
            **shown,
            "checked": list(state.get("checked") or []),
            "labels": {"all": text("table.all"), "pick": text("table.pick")},
        },
        on_opened_change=_telling(on_open, key, "opened"),
        on_sorted_change=_telling(on_sort, key, "sorted"),
        on_checked_change=_nothing,
    )
    ids = {row["id"] for row in shown["rows"]}
    return [row_id for row_id in result.checked or [] if row_id in ids]


def _telling(
    listener: Callable[[str], None] | None, key: str, what: str
) -> Callable[[], None]:
    """Return a callback that tells the listener what the widget's state holds."""

    def tell() -> None:
        if listener and (value := st.session_state[key].get(what)):
            listener(value)

    return tell


def waterfall(data: Mapping[str, Any], *, key: str, selected: str) -> str:
    """Draw a trace's steps (`shaping.traces.waterfall`); return the chosen one's id."""
    ids = {span["id"] for span in data["spans"]}
    chosen = (st.session_state.get(key) or {}).get("selected")
    selected = str(chosen) if chosen in ids else selected
    result = _component("waterfall")(
        key=key,
        data={**data, "selected": selected},
        on_selected_change=_nothing,
    )
    return str(result.selected) if result.selected in ids else selected


def conversation(messages: Sequence[Mapping[str, Any]], *, key: str) -> None:
    """Draw messages made by `shaping.messages.conversation`, exactly as sent."""
    labels = {
        name: text(f"conversation.{name}")
        for name in ("name", "more", "copy", "copied", "image")
    } | dict(section("conversation.titles"))
    _component("conversation")(
        key=key, data={"messages": list(messages), "labels": labels}
    )


def facts(
    pairs: Sequence[tuple[str, Cell]],
    *,
    key: str,
    title: str = "",
    badges: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Draw a heading with badges, and label–value pairs in lines under it."""
    _component("facts")(
        key=key,
        data={
            "title": title,
            "badges": list(badges),
            "tiles": '<div class="root"><div class="tiles" role="list"></div></div>',
            "facts": [{"label": label, "value": value} for label, value in pairs],
        },
    )


def tiles(
    shown: Sequence[Mapping[str, Any]],
    *,
    key: str,
    label: str,
    against: str,
    on_open: Callable[[str], None],
) -> None:
    """Draw numbers with their change and course.

    Args:
        shown: Tiles; the ``href`` of each is what a new tab opens.
        key: Identity of the widget.
        label: Accessible name.
        against: What the changes compare with.
        on_open: Told the place of the tile that was clicked, from 0.
    """
    _component("tiles")(
        key=key,
        data={"tiles": list(shown), "label": label, "against": against},
        on_opened_change=_telling(on_open, key, "opened"),
    )


def _nothing() -> None:
    """Ask for the state without doing anything when it changes."""

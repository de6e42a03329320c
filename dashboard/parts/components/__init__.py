"""Our own components, mounted from the script and style files beside this one."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard.shaping.cells import Cell, Column
from dashboard.texts import section, spoken, text

HERE: Final = Path(__file__).parent
_MARKUP: Final = {
    "table": '<div class="root"><div class="table" role="grid"></div></div>',
    "waterfall": (
        '<div class="root"><div class="frame"><div class="tools"></div>'
        '<div class="line axis"></div>'
        '<div class="view" role="tree"><div class="space"></div>'
        '<div class="rows"></div></div></div></div>'
    ),
    "tiles": '<div class="root"><div class="tiles" role="list"></div></div>',
    "facts": '<div class="root"><div class="facts"></div></div>',
    "turns": '<div class="root"><div class="turns" role="log"></div></div>',
    "changes": '<div class="root"><div class="changes" role="list"></div></div>',
    "conversation": '<div class="root"><div class="talk" role="log"></div></div>',
    "diff": '<div class="root"><div class="diff" role="region"></div></div>',
}


def _component(name: str) -> Any:
    return _spoken_component(name, spoken())


@st.cache_resource
def _spoken_component(name: str, language: str) -> Any:
    """Return a component that writes dates as one language does."""

    def file(path: str) -> str:
        return (HERE / path).read_text(encoding="utf-8")

    return st.components.v2.component(
        f"tracer_{name}_{language}",
        html=_MARKUP[name],
        css=file("base.css") + file(f"{name}.css"),
        js=_words(language) + file("base.js") + file(f"{name}.js"),
    )


def _words(language: str) -> str:
    """Return the lines of script that every component begins with."""
    words = json.dumps(dict(section("yes_no")), ensure_ascii=False)
    return f'const LANGUAGE = "{language}"\nconst YES_NO = {words}\n'


@dataclass(frozen=True)
class Main:
    """What the table that a page is about does besides showing rows.

    J, K, Escape and / are heard wherever on the page they are pressed.
    """

    search: str | None = None
    """Where the box is that / leads to, as a CSS selector; None if there is none."""
    on_close: Callable[[str], None] | None = None
    """Told the id of the open row, empty if none is, when Escape is pressed; None where
    there is nothing to close, and nowhere to go back to."""
    every_ms: int | None = None
    """After which time the rows are asked for again while the page is seen; None for
    never. The script, or the fragment, that drew the table runs again."""


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
    main: Main | None = None,
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
        main: What the table a page is about does besides; None for all others.
    """
    is_main, main = main is not None, main or Main()
    shown = {
        "columns": [column.as_data() for column in columns],
        "rows": list(rows),
        "label": label,
        "selected": selected,
        "order": order,
        "height": height_px,
        "checkable": checkable,
        "opens": on_open is not None,
        "main": is_main,
        "search": main.search,
        "closes": main.on_close is not None,
        "every_ms": main.every_ms,
        "drawn": time.time_ns() if main.every_ms else None,
    }
    return _table(shown, key=key, main=main, on_open=on_open, on_sort=on_sort)


def _table(
    shown: Mapping[str, Any],
    *,
    key: str,
    main: Main,
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
        on_closed_change=_telling_any(main.on_close, key, "closed"),
        on_looked_change=_nothing,
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


def _telling_any(
    listener: Callable[[str], None] | None, key: str, what: str
) -> Callable[[], None]:
    """Return the same as `_telling`, for what may be empty."""

    def tell() -> None:
        if listener and (value := st.session_state[key].get(what)) is not None:
            listener(value)

    return tell


def waterfall(
    data: Mapping[str, Any],
    *,
    key: str,
    on_pick: Callable[[str], None],
    on_search: Callable[[str], None],
) -> None:
    """Draw a trace's steps (`shaping.traces.waterfall`).

    Args:
        data: The steps, with what was ``found`` in their content.
        key: Identity of the widget.
        on_pick: Told the id of the step that was chosen.
        on_search: Told the words that are to be looked for in the steps' content.
    """
    _component("waterfall")(
        key=key,
        data={**data, "labels": dict(section("waterfall")) | data["labels"]},
        on_picked_change=_telling(on_pick, key, "picked"),
        on_searched_change=_telling(on_search, key, "searched"),
    )


def conversation(messages: Sequence[Mapping[str, Any]], *, key: str) -> None:
    """Draw messages made by `shaping.conversation.messages`, exactly as sent."""
    labels = {**section("conversation"), "titles": dict(section("conversation.titles"))}
    _component("conversation")(
        key=key, data={"messages": list(messages), "labels": labels}
    )


def diff(shown: Mapping[str, Any], *, key: str, name: str) -> None:
    """Draw two texts word by word (`shaping.word_diff.words`); `name` says of what."""
    labels = {**section("diff"), "name": name}
    _component("diff")(key=key, data={**shown, "labels": labels})


def turns(
    shown: Sequence[Mapping[str, Any]],
    *,
    key: str,
    label: str,
    on_open: Callable[[str], None],
) -> None:
    """Draw a session's turns (`shaping.traces.sessions`); `on_open` is told a trace."""
    _component("turns")(
        key=key,
        data={
            "turns": list(shown),
            "label": label,
            "labels": dict(section("sessions")),
        },
        on_opened_change=_telling(on_open, key, "opened"),
    )


def changes(shown: Sequence[Mapping[str, Any]], *, key: str, label: str) -> None:
    """Draw what changed, word by word, as `shaping.word_changes.cards` has it."""
    _component("changes")(key=key, data={"cards": list(shown), "label": label})


def facts(
    pairs: Sequence[tuple[str, Cell]],
    *,
    key: str,
    title: str = "",
    badges: Sequence[Mapping[str, Any]] = (),
    is_page: bool = False,
) -> None:
    """Draw a heading with badges, and label–value pairs in lines under it.

    `is_page` makes it the heading of a page, as tall as that of one with buttons.
    """
    _component("facts")(
        key=key,
        data={
            "title": title,
            "badges": list(badges),
            "is_page": is_page,
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

"""Editing rows: a page of them as cells, or one of them as a form."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import address, data
from dashboard.parts.dataset import saving
from dashboard.parts.dataset.saving import Draft
from dashboard.shaping import numbers
from dashboard.shaping.datasets import mapping, row_edits
from dashboard.shaping.datasets.row_edits import Edited, Problem
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text

PLACE = "#"
LINE_PX = 24
MOST_LINES = 12
MOST_PROBLEMS = 8


def draw(page: data.DatasetPage) -> None:
    """Draw a page of rows as cells that can be written in."""
    import pandas

    row = page.row
    more: list[str] = st.session_state.setdefault(f"edit-columns-{row['version']}", [])
    columns = row_edits.columns_of(page.rows, more)
    frame = pandas.DataFrame(
        row_edits.table(page.rows, columns), columns=columns, dtype=object
    )
    bar = st.container(horizontal=True, vertical_alignment="bottom")
    said = st.container()
    st.caption(text("datasets.edit_help"))
    frame.insert(0, PLACE, [f"{one['place'] + 1:,}" for one in page.rows])
    key = f"cells-{row['version']}-{address.get('rows_page')}-{len(columns)}"
    st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=True,
        height=560,
        row_height=34,
        column_config=_config(columns),
        disabled=[PLACE],
        placeholder="",
        key=key,
        alt=text("datasets.rows"),
    )
    found = row_edits.edited(page.rows, columns, st.session_state.get(key) or {})
    with said:
        _problems(found.problems)
    with bar:  # above the cells, so that it is seen, but made of what they say
        _bar(row, found, columns, more)


def _bar(row: data.Row, found: Edited, columns: Sequence[str], more: list[str]) -> None:
    note = st.text_input(
        text("datasets.note"),
        placeholder=text("datasets.note_hint"),
        key="edit-note",
        width=360,
    )
    if st.button(
        _what_is_saved(found),
        type="primary",
        disabled=not found or bool(found.problems),
        key="save-edits",
    ):
        saving.save(_draft(row, found, note))
    st.button(text("datasets.discard"), on_click=_leave, key="discard-edits")
    st.space("stretch")
    _new_column(columns, more, disabled=bool(found))


def _config(columns: Sequence[str]) -> dict[str, Any]:
    names = section("datasets.parts")
    labels = {name: name.partition(".")[2] or names.get(name, name) for name in columns}
    labels |= {
        name: f"{names['metadata']} · {name.partition('.')[2]}"
        for name in columns
        if name.startswith("metadata.")
    }
    place = st.column_config.TextColumn(PLACE, width=56, alignment="right")
    return {PLACE: place} | {
        name: st.column_config.TextColumn(
            labels[name],
            width=300 if name.startswith("inputs.") else 220,
            help=name,
        )
        for name in columns
    }


def _what_is_saved(found: Edited) -> str:
    n = len(found.changed) + len(found.added)
    return text("datasets.save_edits", rows=numbers.plural(n, text("counts.row")))


def _draft(row: data.Row, found: Edited, note: str) -> Draft:
    return Draft(
        row["name"],
        row["project"],
        row["version"],
        found.changed,
        found.added,
        note.strip(),
    )


def _leave() -> None:
    address.put("edit", None)


def _problems(problems: Sequence[Problem]) -> None:
    if not problems:
        return
    lines = [_told(problem) for problem in problems[:MOST_PROBLEMS]]
    st.error(
        "\n".join(f"- {line}" for line in lines),
        title=text("datasets.cannot_save"),
        icon=":material/error:",
    )


def _told(problem: Problem) -> str:
    place = problem.place
    where = (
        text("datasets.new_row")
        if place is None
        else text("datasets.row", n=f"{place + 1:,}")
    )
    if not problem.column:
        why = text("datasets.row_without_inputs")
        return f"{where}: {why}"
    why = text("datasets.no_json", value=plain(problem.value[:60]))
    return f"{where}, {plain(problem.column)}: {why}"


def _new_column(columns: Sequence[str], more: list[str], *, disabled: bool) -> None:
    """Offer another column, but not over edits: the cells are made anew with it."""
    with st.popover(
        text("datasets.add_column"),
        icon=":material/view_column:",
        disabled=disabled,
        help=text("datasets.add_column_help"),
    ):
        parts = section("datasets.parts")
        part = st.segmented_control(
            text("datasets.column_of"),
            ["inputs", "metadata"],
            default="metadata",
            required=True,
            format_func=parts.__getitem__,
            key="new-column-part",
        )
        name = st.text_input(text("datasets.column_name"), key="new-column-name")
        column = f"{part}.{name.strip()}"
        can = mapping.is_name(name.strip()) and column not in columns
        st.button(
            text("datasets.add_column"),
            disabled=not can,
            on_click=lambda: _append_column(columns, more),
            key="new-column",
        )
        if name and not can:
            st.caption(text("adding.bad_name", name=plain(name)))


def _append_column(columns: Sequence[str], more: list[str]) -> None:
    """Add the column that the boxes name at the click, if it is a new one."""
    name = str(st.session_state["new-column-name"]).strip()
    column = f"{st.session_state['new-column-part']}.{name}"
    if mapping.is_name(name) and column not in (*columns, *more):
        more.append(column)


def one(of: data.Row, row: data.Row) -> None:
    """Draw one row as a form: a field for each of its columns."""
    columns = row_edits.columns_of([row])
    key = f"row-{of['version']}-{row['place']}"
    with st.form(key, border=False):
        cells = {
            column: _field(column, row_edits.written(row_edits.cell(row, column)), key)
            for column in columns
        }
        note = st.text_input(
            text("datasets.note"),
            placeholder=text("datasets.note_hint"),
            key=f"{key}-note",
        )
        with st.container(horizontal=True):
            save = st.form_submit_button(text("datasets.save_row"), type="primary")
            remove = st.form_submit_button(
                text("datasets.remove_row"), icon=":material/delete:"
            )
    if remove:
        saving.save(_draft(of, Edited({row["place"]: None}, [], []), note))
    if save:
        _save_one(of, row, cells, note)


def _field(column: str, value: str | None, key: str) -> str | None:
    names = section("datasets.parts")
    part, _, name = column.partition(".")
    label = f"{names[part]} · {name}" if name else names[part]
    lines = sum(1 + len(line) // 80 for line in (value or "").splitlines()) or 1
    return st.text_area(
        plain(label),
        value=value,
        height=44 + LINE_PX * min(MOST_LINES, lines),
        key=f"{key}-{column}",
    )


def _save_one(
    of: data.Row, row: data.Row, cells: dict[str, str | None], note: str
) -> None:
    before = {name: row_edits.written(row_edits.cell(row, name)) for name in cells}
    changed = {
        name: value
        for name, value in cells.items()
        if (value or None) != (before[name] or None)
    }
    found = row_edits.edited([row], list(cells), {"edited_rows": {0: changed}})
    if found.problems:
        _problems(found.problems)
    elif not found.changed:
        st.info(text("datasets.nothing_changed"))
    else:
        saving.save(_draft(of, found, note))

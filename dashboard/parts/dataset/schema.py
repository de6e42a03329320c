"""The JSON Schema of a dataset, and which rows do not fit it."""

import json
from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import address, data
from dashboard.parts import components
from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Column
from dashboard.shaping.datasets import schemas
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.errors import MissingExtraError
from tracer.evaluation._datasets.schema import RowError

CHECKED_AT_ONCE: Final = 2000
"""Rows up to which the check needs no click."""

MOST_SHOWN: Final = 200


def draw(page: data.DatasetPage, *, can_edit: bool) -> None:
    """Draw the check of a version's rows beside the schema."""
    schema = page.row["schema"]
    left, right = st.columns([6, 5], gap="medium")
    with left:
        if schema is None:
            st.info(
                text("datasets.schema_none_body"),
                title=text("datasets.schema_none"),
                icon=":material/rule:",
            )
        else:
            _check(page.row, schema)
    with right:
        _form(page, can_edit=can_edit)


def _form(page: data.DatasetPage, *, can_edit: bool) -> None:
    row = page.row
    if row["schema"] is None and page.rows and can_edit:
        shown = text("datasets.schema_suggested", n=len(page.rows))
        st.caption(shown)
    proposal = row["schema"] or schemas.suggested(page.rows)
    written = st.text_area(
        text("datasets.schema"),
        value=json.dumps(proposal, ensure_ascii=False, indent=2),
        height=460,
        disabled=not can_edit,
        key=f"schema-{row['name']}-{row['has_schema']}",
    )
    if not can_edit:
        return
    with st.container(horizontal=True):
        if st.button(text("datasets.schema_save"), type="primary", key="schema-save"):
            _save(row, written)
        if row["schema"] is not None and st.button(
            text("datasets.schema_remove"), key="schema-remove"
        ):
            data.describe_dataset(row["name"], row["project"], schema=False)
            st.rerun()


def _save(row: data.Row, written: str) -> None:
    try:
        schema = schemas.parsed(written)
    except (ValueError, MissingExtraError) as error:
        st.error(plain(error), icon=":material/error:")
        return
    data.describe_dataset(row["name"], row["project"], schema=schema)
    st.rerun()


def _check(row: data.Row, schema: data.Row) -> None:
    mark = f"schema-checked-{row['version']}"
    if row["n_rows"] > CHECKED_AT_ONCE and not st.session_state.get(mark):
        n_rows = numbers.plural(row["n_rows"], text("counts.row"))
        st.button(
            text("datasets.schema_check", rows=n_rows),
            icon=":material/rule:",
            on_click=lambda: st.session_state.update({mark: True}),
            key="schema-check",
        )
        return
    rows = data.dataset(row["name"], row["project"], version=row["version"]).rows
    try:
        found = schemas.misfits(rows, schema)
    except (ValueError, MissingExtraError) as error:
        st.error(plain(error), icon=":material/error:")
        return
    total = numbers.plural(len(rows), text("counts.row"))
    if not found:
        st.success(text("datasets.schema_fits", rows=total), icon=":material/check:")
        return
    n_bad = len({error.number for error in found})
    st.warning(
        text("datasets.schema_misfits", n=f"{n_bad:,}", rows=total),
        icon=":material/rule:",
    )
    _misfits(found[:MOST_SHOWN])


def _misfits(found: Sequence[RowError]) -> None:
    names = section("datasets.columns")
    components.table(
        [
            Column("number", names["number"], "max-content", end=True),
            Column("path", names["where"], "max-content"),
            Column("message", names["message"], "minmax(140px, 1fr)", wrap=True),
        ],
        [
            cells.row(
                f"{error.number}/{place}",
                number=f"{error.number + 1:,}",
                path=cells.words(error.path, mono=True),
                message=cells.words(error.message[:300]),
            )
            for place, error in enumerate(found)
        ],
        key="schema-misfits",
        label=text("datasets.schema_list"),
        height_px=520,
        on_open=_open,
    )


def _open(row_id: str) -> None:
    """Open the row in the list of rows."""
    place = int(row_id.partition("/")[0])
    number = str(place // data.ROWS_OF_PAGE + 1)
    address.change(show=None, find=None, split=None, rows_page=number)
    st.session_state["dataset-row"] = place

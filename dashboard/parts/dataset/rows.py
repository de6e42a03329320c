"""The rows of one version: found by words or split, page by page, one in a drawer."""

from collections.abc import Callable

import streamlit as st

from dashboard import address, data
from dashboard.parts import choices, components, states
from dashboard.parts.components import Main
from dashboard.parts.dataset import columns, editing
from dashboard.shaping import numbers
from dashboard.shaping.conversation import messages
from dashboard.shaping.datasets import listing
from dashboard.texts import text

SEARCH_BOX = '[class*="st-key-find-"] input'


def page_of(name: str, project: str, version: str | None) -> data.DatasetPage:
    """Return the page of rows that the address asks for."""
    return data.dataset_page(
        name,
        project,
        version=version,
        text=address.get("find"),
        split=address.get("split"),
        page=address.number("rows_page"),
    )


def draw(page: data.DatasetPage, *, can_edit: bool) -> None:
    """Draw one page of rows with what finds others."""
    row = page.row
    if address.get("edit") and can_edit:
        editing.draw(page)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _search()
        _splits(row)
        st.space("stretch")
        if can_edit:
            _edit_button(page)
    if not page.rows and address.number("rows_page") > 1:
        address.put("rows_page", None)
        st.rerun()
    if not page.rows:
        _nothing(row)
        return
    keys = listing.input_keys(page.rows)
    components.table(
        columns.preview_columns(page.rows, keys, source=True),
        listing.preview_rows(page.rows, keys=keys, trace=text("datasets.from_trace")),
        key="dataset-rows",
        label=text("datasets.rows"),
        height_px=620,
        on_open=lambda place: st.session_state.update({"dataset-row": int(place)}),
        main=Main(search=SEARCH_BOX, on_close=lambda _: address.close("dataset")),
    )
    _pages(page)
    place = st.session_state.pop("dataset-row", None)
    found = [one for one in page.rows if one["place"] == place]
    if found:
        title = text("datasets.row", n=f"{place + 1:,}")
        drawer = st.dialog(title, width=760, position="right")
        drawer(_row)(row, found[0], can_edit=can_edit)


def _edit_button(page: data.DatasetPage) -> None:
    st.button(
        text("datasets.edit"),
        icon=":material/edit:",
        on_click=lambda: address.put("edit", "1"),
        disabled=not page.rows and page.row["n_rows"] > 0,
        key="edit-rows",
    )


def _search() -> None:
    current = address.get("find") or ""
    key = f"find-{current}"

    def search() -> None:
        found = str(st.session_state[key]).strip()
        address.change(find=found or None, rows_page=None)

    st.text_input(
        text("datasets.find"),
        value=current,
        placeholder=text("datasets.find_hint"),
        icon=":material/search:",
        key=key,
        on_change=search,
        label_visibility="collapsed",
        width=320,
    )


def _splits(row: data.Row) -> None:
    found = data.dataset_splits(row["name"], row["project"], row["version"])
    if asked := address.get("split"):  # it may be another version's
        found = {asked: 0} | found
    if not found:
        return
    names = {split: f"{split} {n:,}" for split, n in found.items()}
    choices.pills(
        text("datasets.split"),
        list(names),
        names=names,
        param="split",
        forgets=("rows_page",),
    )


def _nothing(row: data.Row) -> None:
    if row["n_rows"]:
        states.nothing_found(text("datasets.none_match"))
        return
    st.info(text("datasets.no_rows"), icon=":material/table_rows:")


def _pages(page: data.DatasetPage) -> None:
    n_pages = -(-page.n_matching // data.ROWS_OF_PAGE)
    number = address.number("rows_page")
    first = (number - 1) * data.ROWS_OF_PAGE
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        rows = numbers.plural(page.n_matching, text("counts.row"))
        if n_pages < 2:
            st.caption(rows)
            return
        last = first + len(page.rows)
        place = text("datasets.place", first=f"{first + 1:,}", last=f"{last:,}")
        st.caption(f"{place} / {rows}")
        key = f"rows-page-{number}-{n_pages}"
        st.pagination(
            n_pages,
            default=min(number, n_pages),
            key=key,
            on_change=_turner(key),
        )


def _turner(key: str) -> Callable[[], None]:
    def turn() -> None:
        number = st.session_state[key]
        address.put("rows_page", None if number == 1 else str(number))

    return turn


@states.explained()
def _row(of: data.Row, row: data.Row, *, can_edit: bool) -> None:
    if can_edit and st.toggle(text("datasets.edit_row"), key="edit-row"):
        editing.one(of, row)
        return
    shown = [
        messages.value_message(text(f"datasets.parts.{part}"), row[part])
        for part in ("inputs", "expected", "output", "metadata")
        if row[part] not in (None, {})
    ]
    components.conversation(shown, key="dataset-row-parts")
    source = listing.source(row)
    if source is None:
        origin = listing.origin(row)
        told = text("datasets.from_elsewhere", origin=origin) if origin else ""
        st.caption(told or text("datasets.no_source"))
        return
    st.page_link(
        "views/traces.py",
        label=text("datasets.source"),
        icon=":material/account_tree:",
        query_params=address.with_scope(
            trace=str(source["trace_id"]),
            span=source.get("span_id"),
            origin="all",
        ),
    )

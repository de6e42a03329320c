"""The filtered list as a file: how many rows it has is said before it is made."""

from collections.abc import Hashable
from typing import Final

import streamlit as st

from dashboard import data
from dashboard.parts.traces.filterbar import Filters
from dashboard.scope import Scope
from dashboard.shaping import numbers
from dashboard.shaping.traces import trace_files
from dashboard.texts import text

MOST_DOWNLOADED: Final = 10_000


def draw(here: Scope, filters: Filters, order: str) -> None:
    """Offer the download in a popover; the rows are read when they are asked for."""
    place = st.popover(
        text("download.title"),
        icon=":material/download:",
        key="download",
        on_change="rerun",
    )
    if not place.open:
        st.session_state.pop("download-rows", None)
        return
    with place:
        question = (here.project, here.period, filters, order)
        asked, found = st.session_state.get("download-rows", (None, None))
        if found is None or asked != question:
            _ask(here, filters, order, question)
        else:
            _files(found)


def _ask(here: Scope, filters: Filters, order: str, question: Hashable) -> None:
    st.caption(text("download.what", n=numbers.count(MOST_DOWNLOADED)))
    if st.button(text("download.read"), type="primary", key="download-read"):
        with st.spinner(text("download.reading")):
            found = data.many_traces(
                here.project,
                here.window,
                where=filters.where,
                origin=filters.origin,
                order=order,
                most=MOST_DOWNLOADED,
            )
        st.session_state["download-rows"] = (question, found)
        st.rerun()


def _files(found: data.Many) -> None:
    counted = numbers.plural(len(found.rows), text("counts.trace"))
    key = "download.all" if found.is_all else "download.first"
    st.caption(text(key, traces=counted))
    with st.container(horizontal=True):
        st.download_button(
            "CSV",
            lambda: trace_files.as_csv(found.rows),
            "traces.csv",
            "text/csv",
            on_click="ignore",
            key="download-csv",
        )
        st.download_button(
            "Parquet",
            lambda: trace_files.as_parquet(found.rows),
            "traces.parquet",
            "application/vnd.apache.parquet",
            on_click="ignore",
            key="download-parquet",
        )

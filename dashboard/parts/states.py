"""What a page shows when there is nothing to show, or when it could not be had."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.shaping.markdown import plain
from dashboard.texts import text
from tracer.errors import CollectorError, NotFoundError, TracerError


def nothing_yet(what: str, *, snippet: str | None = None) -> None:
    """Say that nothing is stored yet and how to store the first; then end the page.

    Args:
        what: Section of the catalogue, with ``title`` and ``body``.
        snippet: Key of the example to paste, if there is one.
    """
    with st.container(border=True):
        st.markdown(f"##### {text(f'{what}.title')}")
        st.markdown(text(f"{what}.body"))
        if snippet:
            st.code(text(snippet), language="python")


def nothing_found(message: str) -> None:
    """Say that filters leave nothing."""
    st.info(message, icon=":material/filter_alt_off:")


@contextmanager
def explained() -> Iterator[None]:
    """Draw what the collector could not do in place of what the block would draw.

    The frame, and every fragment and dialog, which Streamlit runs on their own.
    """
    try:
        yield
    except TracerError as error:
        if not show_error(error):
            raise


def show_error(error: Exception) -> bool:
    """Draw what the collector could not do, with a retry; False for anything else.

    False keeps Streamlit's own display of an error, and its log.
    """
    if isinstance(error, NotFoundError):
        st.warning(
            plain(error), title=text("error.missing"), icon=":material/link_off:"
        )
        return True
    if not isinstance(error, CollectorError):
        return False
    away = error.status is None
    title = text("error.away" if away else "error.refused")
    st.error(plain(error), title=title, icon=":material/cloud_off:")
    if away:
        st.code(text("error.start"), language="shell")
    st.button(
        text("error.retry"), icon=":material/refresh:", key="retry", on_click=_forget
    )
    return True


def _forget() -> None:
    st.cache_data.clear()

"""What a page shows when there is nothing to show, or when it could not be had."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import address, data, scope
from dashboard.scope import Scope
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.errors import CollectorError, NotFoundError, TracerError

_NAMED: Final = (
    "dataset",
    "evaluation",
    "baseline",
    "trace",
    "session",
    "queue",
    "judge",
    "job",
)
"""Parameters of the address that name what may not be stored."""


def nothing_yet(what: str, *, snippet: str | None = None) -> DeltaGenerator:
    """Say that nothing is stored yet and how to store the first; return the place.

    Args:
        what: Section of the catalogue, with ``title`` and ``body``.
        snippet: Key of the example to paste, if there is one.
    """
    place = st.container(border=True)
    with place:
        st.markdown(f"##### {text(f'{what}.title')}")
        st.markdown(text(f"{what}.body"))
        if snippet:
            st.code(text(snippet), language="python")
    return place


def nothing_in_period(what: str, here: Scope, *, snippet: str | None = None) -> None:
    """Say that the period holds nothing, and offer one that does.

    Where calls of another kind fill the period, a longer one is no help: it is said
    which they are.

    Args:
        what: Section of the catalogue, with ``title`` and ``body``, and ``other`` on a
            page that does not show calls of every kind.
        here: What the page looks at.
        snippet: Key of the example to paste where there may be none in any period.
    """
    if here.last is None:
        first_steps()
        return
    if here.holds_last and (other := section(what).get("other")):
        st.info(other, title=text(f"{what}.title"), icon=":material/filter_alt_off:")
        return
    with nothing_yet(what, snippet=snippet):
        st.caption(text("period.newest", when=_written(here.last)))
        if here.wider:
            wanted = here.wider
            st.button(
                text("period.widen", range=text(f"ranges.{wanted}")),
                icon=":material/date_range:",
                type="primary",
                on_click=lambda: address.put("range", wanted),
                key="widen",
            )


def _written(moment: datetime) -> str:
    return moment.astimezone(scope.zone()).strftime("%Y-%m-%d %H:%M")


def first_steps() -> None:
    """Teach how the first trace gets here: from Python, or from any OpenTelemetry."""
    collector = st.secrets["collector"]
    with st.container(border=True):
        st.markdown(f"##### {text('first.title')}")
        st.markdown(text("first.body", endpoint=collector["url"]))
        python, otel = st.tabs([text("first.python"), text("first.otel")])
        with python:
            example = text("snippets.first", endpoint=collector["url"])
            st.code(example, language="python")
        with otel:
            lines = text("snippets.otel", endpoint=collector["url"])
            if collector["api_key"]:
                lines += text("snippets.otel_key")
            st.code(lines, language="shell")
            st.caption(text("first.any"))
        st.button(
            text("first.look"),
            icon=":material/refresh:",
            on_click=data.forget,
            type="primary",
            key="look-again",
        )


def nothing_found(message: str) -> None:
    """Say that filters leave nothing."""
    st.info(message, icon=":material/filter_alt_off:")


def not_stored(name: str, unnamed: str = "") -> None:
    """Say that what the address names is not stored; `unnamed` if it names nothing."""
    st.warning(
        text("error.missing_body", name=plain(name)) if name else unnamed,
        title=text("error.missing"),
        icon=":material/link_off:",
    )


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
        named = (address.get(name) for name in _NAMED)
        name = ", ".join(filter(None, named))
        not_stored(name, plain(error))
        return True
    if not isinstance(error, CollectorError):
        return False
    if error.status in (401, 403):  # no retry helps, another key does
        title = text("error.forbidden")
        st.error(plain(error), title=title, icon=":material/lock:")
        return True
    away = error.status is None
    title = text("error.away" if away else "error.refused")
    st.error(plain(error), title=title, icon=":material/cloud_off:")
    if away:
        st.code(text("error.start"), language="shell")
    st.button(
        text("error.retry"),
        icon=":material/refresh:",
        key="retry",
        on_click=data.forget,
    )
    return True

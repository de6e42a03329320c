"""What a page shows when there is nothing to show, or when it could not be had."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import address, data, scope
from dashboard.scope import Scope
from dashboard.shaping import snippets
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from dashboard.wrong_paths import PARAM
from tracer.errors import (
    CollectorError,
    ConfigurationError,
    NotFoundError,
    TracerError,
)

PLACES: Final = {
    "trace": "traces",
    "session": "sessions",
    "dataset": "datasets",
    "evaluation": "evaluations",
    "baseline": "evaluations",
    "judge": "judges",
    "job": "jobs",
    "alert": "alerts",
    "queue": "review",
}
"""Parameters of the address that name what may not be stored → the page of such."""

_WITH: Final = {
    "trace": address.OF_TRACE,
    "evaluation": ("evaluation", "baseline", "also"),
    "baseline": ("evaluation", "baseline", "also"),
}
"""Parameters that go with those that name, beside ``of``."""

_HAVE_A_WAY_BACK: Final = frozenset(
    {"dataset", "evaluation", "baseline", "job", "queue"}
)
"""What is looked at on a page of its own, with the way back drawn before it is read."""


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
            example(text(snippet))
    return place


def example(written: str, *, language: str = "python") -> None:
    """Draw an example to paste; where a project is chosen it is about that one."""
    project = scope.current().project
    st.code(snippets.of_project(written, project), language=language)


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
        _draw_first_body(collector["url"])
        python, otel = st.tabs([text("first.python"), text("first.otel")])
        with python:
            example(text("snippets.first", endpoint=collector["url"]))
        with otel:
            lines = text("snippets.otel", endpoint=collector["url"])
            if collector["api_key"]:
                lines += text("snippets.otel_key")
            example(lines, language="shell")
            st.caption(text("first.any"))
        st.button(
            text("first.look"),
            icon=":material/refresh:",
            on_click=data.forget,
            type="primary",
            key="look-again",
        )


def _draw_first_body(endpoint: str) -> None:
    """Say what is empty: the store, or the one project that is looked at."""
    project = scope.current().project
    others = [row for row in data.projects() if row["project"] != project]
    if not project or not any(row["n_spans"] for row in others):
        st.markdown(text("first.body", endpoint=endpoint))
        return
    body = text("first.body_of_project", project=plain(project), endpoint=endpoint)
    st.markdown(body)
    st.button(
        text("sidebar.all_projects"),
        icon=":material/arrow_back:",
        on_click=address.leave,
        args=("project",),
        key="leave-project",
    )


def nothing_found(message: str) -> None:
    """Say that filters leave nothing."""
    st.info(message, icon=":material/filter_alt_off:")


def not_stored(what: str, name: str, *, leads: bool = True) -> None:
    """Say that what the address names is not stored, why that may be, and go on.

    Args:
        what: Parameter of the address that names it, of `PLACES`.
        name: What it names.
        leads: Whether to draw a way on; False where one is drawn already.
    """
    project = scope.current().project
    body = text("missing.body", name=plain(name))
    if project and what not in ("trace", "evaluation", "baseline"):
        body += " " + text("missing.elsewhere", project=plain(project))
    st.warning(body, title=text(f"missing.{what}"), icon=":material/link_off:")
    # A link to the page that is open already would change nothing.
    if leads and st.button(
        text(f"missing.to_{PLACES[what]}"),
        icon=":material/arrow_back:",
        on_click=address.leave,
        args=_WITH.get(what, (what, "of")),
        key=f"leave-{what}",
    ):
        st.rerun()  # of the whole page, out of a drawer or a part of it


def for_editors() -> None:
    """Say that what was asked for is for people who may edit."""
    st.info(text("error.for_editors"), icon=":material/lock:")


def wrong_path() -> None:
    """Say that the path which led here is no page."""
    if path := address.get(PARAM):
        st.warning(
            text("error.no_page", path=plain(path)),
            title=text("error.no_page_title"),
            icon=":material/wrong_location:",
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
        _not_found(error)
        return True
    if isinstance(error, ConfigurationError):  # a name that no address can hold
        st.error(plain(error), title=text("error.refused"), icon=":material/link_off:")
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


def _not_found(error: NotFoundError) -> None:
    """Say what was not found: what the address names, or what the error says."""
    named = {what: name for what in PLACES if (name := address.get(what))}
    said = (what for what, name in named.items() if name in str(error))
    what = next(said, next(iter(named), None))
    if what is None:
        title = text("error.missing")
        st.warning(plain(error), title=title, icon=":material/link_off:")
    else:
        not_stored(what, named[what], leads=what not in _HAVE_A_WAY_BACK)

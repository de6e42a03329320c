"""What every page looks at: the project and the period chosen in the sidebar."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard import data
from dashboard.shaping import windows
from dashboard.shaping.windows import Window
from dashboard.texts import text


@dataclass(frozen=True)
class Scope:
    """The sidebar's choices."""

    project: str | None
    """Only this project; None for all that the key may read."""
    window: Window
    """The period."""
    now: datetime
    """When the page was drawn; aware, UTC."""


def now() -> datetime:
    """Return the time of this run of the page."""
    return datetime.now(UTC)


def zone() -> ZoneInfo:
    """Return the viewer's time zone, UTC where the browser does not tell."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def draw() -> None:
    """Draw the project and period pickers, and remember what they say."""
    with st.sidebar:
        everything = text("sidebar.all_projects")
        projects = [row["project"] for row in data.projects()]
        project = st.selectbox(
            text("sidebar.project"),
            [everything, *projects],
            key="project",
            bind="query-params",
        )
        names = [*windows.RANGES, windows.CUSTOM]
        chosen = st.selectbox(
            text("sidebar.range"),
            names,
            index=names.index(windows.DEFAULT_RANGE),
            key="range",
            bind="query-params",
        )
        moment = now()
        window = _custom(moment) if chosen == windows.CUSTOM else None
    st.session_state["scope"] = Scope(
        None if project == everything else project,
        window or windows.last(chosen or windows.DEFAULT_RANGE, now=moment),
        moment,
    )


def current() -> Scope:
    """Return what the sidebar of this run says."""
    scope: Scope = st.session_state["scope"]
    return scope


def _custom(moment: datetime) -> Window:
    here = zone()
    start = windows.last(windows.DEFAULT_RANGE, now=moment).since.astimezone(here)
    since = st.datetime_input(
        text("sidebar.since"),
        start.replace(tzinfo=None),
        key="since",
        bind="query-params",
    )
    until = st.datetime_input(
        text("sidebar.until"),
        moment.astimezone(here).replace(tzinfo=None, second=0, microsecond=0),
        key="until",
        bind="query-params",
    )
    if since is None or until is None:
        return windows.last(windows.DEFAULT_RANGE, now=moment)
    return windows.between(since.replace(tzinfo=here), until.replace(tzinfo=here))

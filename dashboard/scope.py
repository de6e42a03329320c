"""What every page looks at: the project and the period chosen in the sidebar."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard import address, data
from dashboard.parts import choices
from dashboard.shaping import windows
from dashboard.shaping.windows import Window
from dashboard.texts import LANGUAGES, section, spoken, text
from tracer._build import build


@dataclass(frozen=True)
class Scope:
    """The sidebar's choices."""

    project: str | None
    """Only this project; None for all that the key may read."""
    window: Window
    """The period."""
    now: datetime
    """When the page was drawn, in whole minutes, so that reads are shared; UTC."""
    last: datetime | None
    """When the newest call of the project began; None if nothing is stored."""
    wider: str | None
    """The shortest longer range that reaches back to it; None if there is none."""

    @property
    def period(self) -> Hashable:
        """What was chosen: a range's name, which stays while the window moves on."""
        return address.get("range") if self.window.until is None else self.window

    @property
    def holds_last(self) -> bool:
        """Whether the newest call, of whatever kind, began in the period."""
        return self.last is not None and self.window.holds(self.last)


def zone() -> ZoneInfo:
    """Return the viewer's time zone, UTC where the browser does not tell."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def draw() -> None:
    """Draw the project and period pickers, and remember what they say."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    with st.sidebar:
        found = data.projects()
        names = {"": text("sidebar.all_projects")}
        if asked := address.get("project"):  # its first call may have just come
            names[asked] = asked
        names |= {row["project"]: row["project"] for row in found}
        project = choices.select(
            text("sidebar.project"), list(names), names=names, param="project"
        )
        range_name, window = _range(now)
        if range_name == windows.CUSTOM:
            window = _custom(now)
    of_project = [row for row in found if project in ("", row["project"])]
    # what people keep in a project has its times, too, and is no call
    called = [row["last"] for row in of_project if row["n_spans"] and row["last"]]
    last = max(called, default=None)
    if range_name == windows.ALL:
        first = min((row["first"] for row in of_project if row["first"]), default=None)
        window = windows.since_first(first, now=now)
    window = window or windows.last(range_name, now=now)
    st.session_state["scope"] = Scope(
        project or None,
        window,
        now,
        last,
        windows.reaching(last, window, now=now) if last else None,
    )


def _range(now: datetime) -> tuple[str, Window | None]:
    """Draw the choice of the period; return it, and the window of one in the address.

    Links from elsewhere, as from an alert's message, name a window in UTC: it is one of
    the choices then, written in the viewer's zone.
    """
    offered = (*windows.RANGES, windows.ALL)
    ranges = {name: section("ranges")[name] for name in offered}
    asked = address.get("range") or ""
    if linked := windows.read(asked):
        ranges[asked] = windows.in_short(linked, zone(), now=now)
    ranges[windows.CUSTOM] = section("ranges")[windows.CUSTOM]
    chosen = choices.select(
        text("sidebar.range"),
        list(ranges),
        names=ranges,
        param="range",
        default=windows.DEFAULT_RANGE,
    )
    return chosen, linked if chosen == asked else None


def draw_language() -> None:
    """Draw the switch of the interface's language, at the sidebar's end."""
    with st.sidebar:
        choices.segmented(
            text("sidebar.language"),
            LANGUAGES,
            names=section("languages"),
            param="lang",
            default=spoken(),
            label_visibility="collapsed",
        )


def draw_build() -> None:
    """Draw which build this is, at the sidebar's very end."""
    with st.sidebar:
        st.caption(f"tracer {build()}")


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
        min_value=windows.EARLIEST.replace(tzinfo=None),
        key="since",
        bind="query-params",
    )
    until = st.datetime_input(
        text("sidebar.until"),
        moment.astimezone(here).replace(tzinfo=None),
        min_value=windows.EARLIEST.replace(tzinfo=None),
        key="until",
        bind="query-params",
    )
    if since is None or until is None:
        return windows.last(windows.DEFAULT_RANGE, now=moment)
    return windows.between(since.replace(tzinfo=here), until.replace(tzinfo=here))

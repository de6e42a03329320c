"""Charts of one look: thin lines, light grid, a tooltip with every number and its n."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.shaping.markdown import plain

HEIGHT_PX: Final = 176
OK_AND_FAILED: Final = ("#8C9BEA", "#DE5168")
"""Calls that went well are quiet, failures stand out; readable in both modes."""

Points = Sequence[Mapping[str, Any]]


def panel(name: str, note: str = "") -> DeltaGenerator:
    """Return a place for a chart or a table close under its name."""
    place = st.container(gap="xsmall")
    place.markdown(f"**{plain(name)}** :gray[{plain(note)}]")
    return place


def bars(
    points: Points,
    *,
    key: str,
    alt_text: str,
    unit: str = "",
    colors: Sequence[str] = (),
) -> None:
    """Draw stacked bars over time from rows of ``at series value``."""
    _draw(
        _base(points, unit=unit, colors=colors).mark_bar(size=_bar_px(points)),
        key,
        alt_text,
    )


def lines(points: Points, *, key: str, alt_text: str, unit: str = "") -> None:
    """Draw one line for each series over time from rows of ``at series value``."""
    chart = _base(points, unit=unit, colors=(), stack=False)
    _draw(chart.mark_line(strokeWidth=1.8, interpolate="monotone"), key, alt_text)


def bands(points: Points, *, key: str, alt_text: str, is_share: bool) -> None:
    """Draw means with their interval from rows of ``at series mean low high n``.

    Args:
        points: Oldest first.
        key: Identity of the widget.
        alt_text: What the chart shows, in words.
        is_share: Whether the means are shares of 1, drawn on the whole of 0 to 100 %.
    """
    base = _chart(points).encode(
        x=_time(points), color=_series((), points), tooltip=_interval_tooltip()
    )
    scale = alt.Scale(domain=[0, 1]) if is_share else alt.Scale(zero=False, nice=True)
    axis = alt.Axis(tickCount=4, format=".0%" if is_share else "~g")
    area = base.mark_area(opacity=0.16).encode(
        y=alt.Y("low:Q", title=None, scale=scale, axis=axis), y2="high:Q"
    )
    line = base.mark_line(strokeWidth=1.8, point=alt.OverlayMarkDef(size=28)).encode(
        y=alt.Y("mean:Q", title=None, scale=scale, axis=axis)
    )
    ends = base.mark_rule(opacity=0.35).encode(y=alt.Y("low:Q"), y2="high:Q")
    _draw(area + ends + line, key, alt_text, height_px=220)


def _base(
    points: Points, *, unit: str, colors: Sequence[str], stack: bool = True
) -> Any:
    return _chart(points).encode(
        x=_time(points, room_px=_bar_px(points) / 2 + 4 if stack else 0),
        y=alt.Y(
            "value:Q",
            title=None,
            stack="zero" if stack else None,
            axis=alt.Axis(tickCount=4, labelExpr=_label(unit)),
        ),
        color=_series(colors, points),
        tooltip=[
            alt.Tooltip("at:T", title="", format="%b %d %H:%M"),
            alt.Tooltip("series:N", title=""),
            alt.Tooltip("value:Q", title="", format=",.4~g"),
        ],
    )


def _label(unit: str) -> str:
    if unit == "$":
        return "'$' + format(datum.value, '~r')"
    return f"format(datum.value, '~s') + '{unit}'"


def _chart(points: Points) -> Any:
    return alt.Chart(alt.InlineData(values=list(points)))


def _time(points: Points, *, room_px: float = 0) -> Any:
    """Return the axis of time: the viewer's, but UTC where buckets are UTC's days.

    `room_px` is left free at both ends, where half a bar would lie over the edge.
    """
    if all(str(point["at"]).endswith("T00:00:00Z") for point in points):
        axis = alt.Axis(tickCount=6, grid=False, labelOverlap=True, format="%b %d")
        return alt.X(
            "at:T", title=None, scale=alt.Scale(type="utc", padding=room_px), axis=axis
        )
    label = (
        "hours(datum.value) + minutes(datum.value) == 0"
        " ? timeFormat(datum.value, '%b %d') : timeFormat(datum.value, '%H:%M')"
    )
    axis = alt.Axis(tickCount=6, grid=False, labelOverlap=True, labelExpr=label)
    scale = alt.Scale(type="time", padding=room_px)
    return alt.X("at:T", title=None, scale=scale, axis=axis)


def _series(colors: Sequence[str], points: Points) -> Any:
    several = len({point["series"] for point in points}) > 1
    legend = several and alt.Legend(
        orient="top", title=None, padding=0, offset=4, symbolSize=60, symbolOpacity=1
    )
    if colors:
        return alt.Color(
            "series:N",
            legend=legend or None,
            sort=None,
            scale=alt.Scale(range=list(colors)),
        )
    return alt.Color("series:N", legend=legend or None, sort=None)


def _interval_tooltip() -> list[Any]:
    return [
        alt.Tooltip("at:T", title="", format="%b %d %H:%M"),
        alt.Tooltip("series:N", title=""),
        alt.Tooltip("mean:Q", title="mean", format=".3f"),
        alt.Tooltip("low:Q", title="95% from", format=".3f"),
        alt.Tooltip("high:Q", title="to", format=".3f"),
        alt.Tooltip("n:Q", title="n"),
    ]


def _bar_px(points: Points) -> float:
    buckets = len({point["at"] for point in points}) or 1
    return max(1.5, min(34.0, 300 / buckets))


def _draw(chart: Any, key: str, alt_text: str, *, height_px: int = HEIGHT_PX) -> None:
    padding = {"top": 0, "left": 0, "right": 0, "bottom": 0}
    drawn = chart.properties(height=height_px, padding=padding)
    st.altair_chart(drawn, key=key, alt=alt_text)

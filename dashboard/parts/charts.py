"""Charts of one look: thin lines, light grid, a tooltip with every number and its n.

Vega-Lite is written here as it is: Altair would check each chart against its schema,
a tenth of a second for each.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.shaping.markdown import plain
from dashboard.texts import section

HEIGHT_PX: Final = 172
OK_AND_FAILED: Final = ("#8C9BEA", "#DE5168")
"""Calls that went well are quiet, failures stand out; readable in both modes."""
PLAIN_NUMBER: Final = "format(datum.value, abs(datum.value) < 1e12 ? ',.6~r' : '.3~g')"
"""Label of an axis of any size: 100,000 and not 1e+5."""

Points = Sequence[Mapping[str, Any]]
Spec = dict[str, Any]


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
    room_px = _bar_px(points) / 2 + 4
    spec = {
        "mark": {"type": "bar", "size": _bar_px(points)},
        "encoding": _value_over_time(points, unit=unit, colors=colors)
        | {"x": _time(points, room_px=room_px)},
    }
    _draw(points, spec, key=key, alt_text=alt_text)


def lines(points: Points, *, key: str, alt_text: str, unit: str = "") -> None:
    """Draw one line for each series over time from rows of ``at series value``."""
    encoding = _value_over_time(points, unit=unit, stack=False)
    mark = {"type": "line", "strokeWidth": 1.8, "point": {"size": 12}}
    _draw(points, {"mark": mark, "encoding": encoding}, key=key, alt_text=alt_text)


def bands(
    points: Points,
    *,
    key: str,
    alt_text: str,
    is_share: bool,
    ends: tuple[float, float] | None = None,
) -> None:
    """Draw means with their interval from rows of ``at series mean low high n``.

    Args:
        points: Oldest first.
        key: Identity of the widget.
        alt_text: What the chart shows, in words.
        is_share: Whether the means are shares of 1, drawn on the whole of 0 to 100 %.
        ends: Of the axis of other means; what lies beyond is cut.
    """
    scale: Spec = {"domain": [0, 1]} if is_share else {"zero": False, "nice": True}
    if ends and not is_share:
        scale |= {"domain": list(ends), "clamp": True}
    label = {"format": ".0%"} if is_share else {"labelExpr": PLAIN_NUMBER}
    axis = {"tickCount": 4} | label
    value = {"type": "quantitative", "title": None, "scale": scale, "axis": axis}
    interval = {"y": {"field": "low", **value}, "y2": {"field": "high"}}
    point = {"size": 28, "filled": True}
    spec = {
        "encoding": {
            "x": _time(points, room_px=6),
            "color": _series(points),
            "tooltip": _interval_tooltip(),
        },
        "layer": [
            {"mark": {"type": "area", "opacity": 0.16}, "encoding": interval},
            {"mark": {"type": "rule", "opacity": 0.35}, "encoding": interval},
            {
                "mark": {"type": "line", "strokeWidth": 1.8, "point": point},
                "encoding": {"y": {"field": "mean", **value}},
            },
        ],
    }
    _draw(points, spec, key=key, alt_text=alt_text, height_px=220)


def _value_over_time(
    points: Points, *, unit: str, colors: Sequence[str] = (), stack: bool = True
) -> Spec:
    return {
        "x": _time(points),
        "y": {
            "field": "value",
            "type": "quantitative",
            "title": None,
            "stack": "zero" if stack else None,
            "axis": {"tickCount": 4, "labelExpr": _label(unit)},
        },
        "color": _series(points, colors),
        "tooltip": [
            _moment_tooltip(),
            {"field": "series", "type": "nominal", "title": ""},
            {"field": "value", "type": "quantitative", "title": "", "format": ",.4~g"},
        ],
    }


def _label(unit: str) -> str:
    if unit == "$":
        return "'$' + format(datum.value, '~r')"
    if unit:
        return f"{PLAIN_NUMBER} + '{unit}'"
    return "format(datum.value, '~s')"


def _time(points: Points, *, room_px: float = 0) -> Spec:
    """Return the axis of time: the viewer's, but UTC where buckets are UTC's days.

    `room_px` is left free at both ends, where half a bar would lie over the edge.
    """
    day = section("formats")["day"]
    axis = {"tickCount": 6, "grid": False, "labelOverlap": True}
    at = {"field": "at", "type": "temporal", "title": None}
    if all(str(point["at"]).endswith("T00:00:00Z") for point in points):
        scale = {"type": "utc", "padding": room_px}
        return at | {"scale": scale, "axis": axis | {"format": day}}
    label = (
        "hours(datum.value) + minutes(datum.value) == 0"
        f" ? timeFormat(datum.value, '{day}') : timeFormat(datum.value, '%H:%M')"
    )
    scale = {"type": "time", "padding": room_px}
    return at | {"scale": scale, "axis": axis | {"labelExpr": label}}


def _series(points: Points, colors: Sequence[str] = ()) -> Spec:
    several = len({point["series"] for point in points}) > 1
    legend: Spec = {
        "orient": "top",
        "offset": 4,
        "padding": 0,
        "symbolSize": 60,
        "symbolOpacity": 1,
        # Streamlit 1.67 gives every legend a blank title; here it takes no room.
        "titleFontSize": 1,
        "titleOpacity": 0,
        "titlePadding": 0,
    }
    drawn: Spec = {
        "field": "series",
        "type": "nominal",
        "sort": None,
        "legend": legend if several else None,
    }
    return drawn | ({"scale": {"range": list(colors)}} if colors else {})


def _moment_tooltip() -> Spec:
    moment = section("formats")["moment"]
    return {"field": "at", "type": "temporal", "title": "", "format": moment}


def _interval_tooltip() -> list[Spec]:
    names = section("trends.tooltip")
    figures = {"mean": ".3f", "low": ".3f", "high": ".3f", "n": ","}
    return [
        _moment_tooltip(),
        {"field": "series", "type": "nominal", "title": ""},
        *(
            {
                "field": field,
                "type": "quantitative",
                "title": names[field],
                "format": form,
            }
            for field, form in figures.items()
        ),
    ]


def _bar_px(points: Points) -> float:
    buckets = len({point["at"] for point in points}) or 1
    return max(1.5, min(34.0, 300 / buckets))


def _draw(
    points: Points, spec: Spec, *, key: str, alt_text: str, height_px: int = HEIGHT_PX
) -> None:
    drawn = spec | {
        "data": {"values": list(points)},
        "height": height_px,
        "padding": {"top": 4, "left": 0, "right": 0, "bottom": 0},
    }
    st.vega_lite_chart(drawn, key=key, alt=alt_text)

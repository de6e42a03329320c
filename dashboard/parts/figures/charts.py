"""Charts of one look: thin lines, light grid, a tooltip with every number and its n.

Vega-Lite is written here as it is: Altair would check each chart against its schema,
a tenth of a second for each.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.shaping.markdown import plain
from dashboard.shaping.traffic.courses import n_buckets
from dashboard.texts import section

HEIGHT_PX: Final = 172
HALF_LABEL_PX: Final = 21
"""Half of what a day takes below an axis."""
OK_AND_FAILED: Final = ("#8C9BEA", "#DE5168")
"""Calls that went well are quiet, failures stand out; readable in both modes."""
PLAIN_NUMBER: Final = "format(datum.value, abs(datum.value) < 1e12 ? ',.6~r' : '.3~g')"
"""Label of an axis of any size: 100,000 and not 1e+5."""

Points = Sequence[Mapping[str, Any]]
Spec = dict[str, Any]


def panel(name: str, note: str = "") -> DeltaGenerator:
    """Return a place for a chart or a table close under its name."""
    place = st.container(gap="xsmall")
    with place:
        heading(name, note)
    return place


def heading(name: str, note: str = "") -> None:
    """Draw the name of a chart or a table; the note is soft."""
    st.markdown(f"**{plain(name)}** :gray[{plain(note)}]")


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
        | {"x": time_axis(points, room_px=room_px)},
    }
    draw_spec(points, spec, key=key, alt_text=alt_text)


def lines(points: Points, *, key: str, alt_text: str, unit: str = "") -> None:
    """Draw one line for each series over time from rows of ``at series value``."""
    encoding = _value_over_time(points, unit=unit, stack=False)
    mark = {"type": "line", "strokeWidth": 1.8, "point": {"size": 12}}
    draw_spec(points, {"mark": mark, "encoding": encoding}, key=key, alt_text=alt_text)


def _value_over_time(
    points: Points, *, unit: str, colors: Sequence[str] = (), stack: bool = True
) -> Spec:
    return {
        "x": time_axis(points),
        "y": {
            "field": "value",
            "type": "quantitative",
            "title": None,
            "stack": "zero" if stack else None,
            "axis": {"tickCount": 3, "labelExpr": _label(unit)},
        },
        "color": series_color(points, colors),
        "tooltip": [
            moment_tooltip(points),
            said("series", "nominal"),
            said("value", "quantitative", format=",.4~g"),
        ],
    }


def _label(unit: str) -> str:
    if unit == "$":
        return "'$' + format(datum.value, '~r')"
    if unit:
        return f"{PLAIN_NUMBER} + '{unit}'"
    return "format(datum.value, '~s')"


def time_axis(points: Points, *, room_px: float = 0) -> Spec:
    """Return the axis of time: the viewer's, but UTC where buckets are UTC's days.

    `room_px` is left free at both ends, where half a bar would lie over the edge.
    """
    day = section("formats")["day"]
    # A label wider than the room beside its tick is moved inwards, not cut.
    flush: float | bool = room_px + 1 if room_px < HALF_LABEL_PX else False
    axis = {"tickCount": 6, "grid": False, "labelOverlap": True, "labelFlush": flush}
    at = {"field": "at", "type": "temporal", "title": None}
    if _are_days(points):
        scale = {"type": "utc", "padding": room_px}
        return at | {"scale": scale, "axis": axis | {"format": day}}
    label = (
        "hours(datum.value) + minutes(datum.value) == 0"
        f" ? timeFormat(datum.value, '{day}') : timeFormat(datum.value, '%H:%M')"
    )
    scale = {"type": "time", "padding": room_px}
    return at | {"scale": scale, "axis": axis | {"labelExpr": label}}


def _are_days(points: Points) -> bool:
    """Return whether all buckets are whole days, which are UTC's."""
    return all(str(point["at"]).endswith("T00:00:00Z") for point in points)


def series_color(points: Points, colors: Sequence[str] = ()) -> Spec:
    """Return the colour of each series, with a legend where there are several."""
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


def moment_tooltip(points: Points, field: str = "at") -> Spec:
    """Return what a tooltip says of a time: in the zone of the points' axis."""
    formats = section("formats")
    if _are_days(points):
        day = {"timeUnit": "utcyearmonthdate", "format": formats["day"]}
        return said(field, "temporal", **day)
    return said(field, "temporal", format=formats["moment"])


def said(field: str, kind: str, **more: str) -> Spec:
    """Return a line of a tooltip, called what the catalogue calls the field."""
    name = section("trends.tooltip")[field]
    return {"field": field, "type": kind, "title": name, **more}


def _bar_px(points: Points) -> float:
    return max(1.5, min(34.0, 300 / n_buckets(points)))


def draw_spec(
    points: Points, spec: Spec, *, key: str, alt_text: str, height_px: int = HEIGHT_PX
) -> None:
    """Draw a chart of the points."""
    drawn = spec | {
        "data": {"values": list(points)},
        "height": height_px,
        "padding": {"top": 4, "left": 0, "right": 0, "bottom": 0},
    }
    st.vega_lite_chart(drawn, key=key, alt=alt_text)

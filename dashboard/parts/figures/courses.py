"""Courses over time with their intervals, and marks of what changed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.parts.figures import charts
from dashboard.parts.figures.charts import Points, Spec
from dashboard.shaping.traffic.courses import Flag

HEIGHT_PX: Final = 220
MARK: Final = "#74839b"
FLAG: Final = "#d98324"
"""Of flags; readable in both modes."""
AXIS: Final = {
    "bool": {"format": ".0%"},
    "ms": {
        "labelExpr": "datum.value >= 1000 ? format(datum.value / 1000, ',.3~r') + ' s'"
        " : format(datum.value, ',.3~r') + ' ms'"
    },
    "usd": {"labelExpr": "'$' + format(datum.value, '~r')"},
    "count": {"format": "~s"},
    "number": {"labelExpr": charts.PLAIN_NUMBER},
}
FIGURE: Final = {
    "bool": ".1%",
    "ms": ",.0f",
    "usd": "$,.4~g",
    "count": ",",
    "number": ".3f",
}


def draw(
    points: Points,
    *,
    kind: str,
    key: str,
    alt_text: str,
    ends: tuple[float, float] | None = None,
    marks: Sequence[Mapping[str, Any]] = (),
    flags: Sequence[Flag] = (),
) -> None:
    """Draw means with their interval from rows of ``at series mean low high n``.

    Args:
        points: Oldest first; one without a mean is a gap.
        kind: What kind of number it is: ``bool number ms usd count``.
        key: Identity of the widget.
        alt_text: What the chart shows, in words.
        ends: Of the axis of means of numbers; what lies beyond is cut.
        marks: Rows of ``at label``: what was seen first then.
        flags: Where a course changed its level.
    """
    value = _value(kind, ends)
    interval = {"y": {"field": "low", **value}, "y2": {"field": "high"}}
    line = {"y": {"field": "mean", **value}}
    color = charts.series_color(points)
    x = charts.time_axis(points, room_px=6)
    shared = {"x": x, "color": color, "tooltip": _tooltip(points, kind)}
    layers: list[Spec] = [
        {"mark": {"type": "area", "opacity": 0.16}, "encoding": shared | interval},
        {"mark": {"type": "rule", "opacity": 0.35}, "encoding": shared | interval},
        {
            "transform": [{"filter": "!datum.partial || datum.mean === null"}],
            "mark": {"type": "line", "strokeWidth": 1.8},
            "encoding": shared | line,
        },
        {
            "transform": [{"filter": "!datum.partial"}],
            "mark": {"type": "point", "size": 28, "filled": True, "opacity": 1},
            "encoding": shared | line,
        },
        {
            "transform": [{"filter": "datum.partial"}],
            "mark": {"type": "point", "size": 34, "filled": False, "opacity": 1},
            "encoding": shared | line,
        },
    ]
    moment = charts.moment_tooltip(points)
    layers += _marks(marks, x, moment) + _flags(flags, x, moment, kind)
    charts.draw_spec(
        points, {"layer": layers}, key=key, alt_text=alt_text, height_px=HEIGHT_PX
    )


def _value(kind: str, ends: tuple[float, float] | None) -> Spec:
    scale: Spec = {"domain": [0, 1]} if kind == "bool" else {"nice": True}
    if kind == "number":
        scale |= {"zero": False}
    if ends and kind != "count":
        scale |= {"domain": list(ends), "clamp": True}
    axis = {"tickCount": 4} | AXIS[kind]
    return {"type": "quantitative", "title": None, "scale": scale, "axis": axis}


def _marks(marks: Sequence[Mapping[str, Any]], x: Spec, moment: Spec) -> list[Spec]:
    if not marks:
        return []
    encoding = {"x": x, "tooltip": [moment, charts.said("label", "nominal")]}
    rule = {"type": "rule", "strokeDash": [3, 3], "color": MARK, "strokeWidth": 1.2}
    head = {"type": "point", "shape": "triangle-down", "filled": True, "size": 60}
    data = {"values": list(marks)}
    top = {"y": {"value": 4}}
    return [
        {"data": data, "mark": rule, "encoding": encoding},
        {
            "data": data,
            "mark": head | {"color": MARK, "opacity": 1},
            "encoding": encoding | top,
        },
    ]


def _flags(flags: Sequence[Flag], x: Spec, moment: Spec, kind: str) -> list[Spec]:
    if not flags:
        return []
    values = [
        {
            "at": flag.at,
            "series": flag.series,
            "before": flag.before,
            "after": flag.after,
        }
        for flag in flags
    ]
    tooltip = [
        moment,
        charts.said("series", "nominal"),
        *(
            charts.said(field, "quantitative", format=FIGURE[kind])
            for field in ("before", "after")
        ),
    ]
    encoding = {"x": x, "tooltip": tooltip}
    rule = {"type": "rule", "color": FLAG, "strokeWidth": 1.6}
    head = {"type": "point", "shape": "diamond", "filled": True, "size": 80}
    return [
        {"data": {"values": values}, "mark": rule, "encoding": encoding},
        {
            "data": {"values": values},
            "mark": head | {"color": FLAG, "opacity": 1},
            "encoding": encoding | {"y": {"value": 4}},
        },
    ]


def _tooltip(points: Points, kind: str) -> list[Spec]:
    form = FIGURE[kind]
    figures = {"mean": form, "low": form, "high": form, "n": ","}
    if kind in ("usd", "count"):
        figures = {"mean": form, "n": ","}
    return [
        charts.moment_tooltip(points),
        charts.said("series", "nominal"),
        *(
            charts.said(field, "quantitative", format=figure)
            for field, figure in figures.items()
        ),
    ]

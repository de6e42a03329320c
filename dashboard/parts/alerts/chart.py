"""What a rule watches, its limit, and when it would have fired."""

from collections.abc import Sequence
from typing import Any

from dashboard.parts.figures import charts
from dashboard.parts.figures.charts import Spec
from dashboard.parts.figures.courses import AXIS, FIGURE
from dashboard.shaping.traffic import alerts
from dashboard.texts import section
from tracer.alerts.preview import Preview
from tracer.alerts.rules import Rule

FIRING = "#DE5168"


def draw(rule: Rule, found: Preview, *, key: str, alt_text: str) -> None:
    """Draw the windows of a preview with the rule's limit."""
    points = [point | {"series": ""} for point in alerts.points(rule, found)]
    kind = "bool" if rule.test == "change" else alerts.KINDS[rule.measure]
    x = charts.time_axis(points, room_px=6)
    axis = {"tickCount": 4} | AXIS[kind]
    scale = {"nice": True, "zero": kind != "number"}
    value = {"type": "quantitative", "title": None, "scale": scale, "axis": axis}
    names = section("trends.tooltip")
    line = {
        "x": x,
        "y": {"field": "value", **value},
        "tooltip": [charts.moment_tooltip(), *_figures(FIGURE[kind], names)],
    }
    layers: list[Spec] = [
        *_firings(alerts.spans(found), x),
        {"mark": {"type": "line", "strokeWidth": 1.4}, "encoding": line},
        {
            "mark": {"type": "point", "size": 14, "filled": True, "opacity": 1},
            "encoding": line,
        },
        {
            "data": {"values": [{"limit": limit} for limit in alerts.limits(rule)]},
            "mark": {"type": "rule", "color": FIRING, "strokeDash": [5, 3]},
            "encoding": {"y": {"field": "limit", **value}},
        },
    ]
    charts.draw_spec(points, {"layer": layers}, key=key, alt_text=alt_text)


def _firings(spans: Sequence[dict[str, str]], x: Spec) -> list[Spec]:
    if not spans:
        return []
    encoding = {"x": x, "x2": {"field": "until"}}
    band = {"type": "rect", "color": FIRING, "opacity": 0.14}
    edge = {"type": "rule", "color": FIRING, "strokeWidth": 1.5}
    data = {"values": spans}
    return [
        {"data": data, "mark": band, "encoding": encoding},
        {"data": data, "mark": edge, "encoding": {"x": x}},
    ]


def _figures(form: str, names: Any) -> list[Spec]:
    figures = {"value": ("mean", form), "n": ("n", ",")}
    return [
        {"field": field, "type": "quantitative", "title": names[name], "format": one}
        for field, (name, one) in figures.items()
    ]

"""What a rule watches, its limit, and when it would have fired."""

from collections.abc import Sequence

from dashboard.parts.figures import charts
from dashboard.parts.figures.charts import Points, Spec
from dashboard.parts.figures.courses import AXIS, FIGURE
from dashboard.shaping.traffic import alerts
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
    value_said = charts.said("value", "quantitative", format=FIGURE[kind])
    line = {
        "x": x,
        "y": {"field": "value", **value},
        "tooltip": [
            charts.moment_tooltip(points),
            value_said,
            charts.said("n", "quantitative", format=","),
        ],
    }
    layers: list[Spec] = [
        *_firings(alerts.spans(found), points, x),
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


def _firings(spans: Sequence[dict[str, str]], points: Points, x: Spec) -> list[Spec]:
    if not spans:
        return []
    told = [charts.moment_tooltip(points, end) for end in ("at", "until")]
    shared = {"x": x, "tooltip": told}
    encoding = shared | {"x2": {"field": "until"}}
    band = {"type": "rect", "color": FIRING, "opacity": 0.14}
    edge = {"type": "rule", "color": FIRING, "strokeWidth": 1.5}
    data = {"values": spans}
    return [
        {"data": data, "mark": band, "encoding": encoding},
        {"data": data, "mark": edge, "encoding": shared},
    ]

"""What a webhook is sent: a line for people, and the facts for programs."""

from datetime import UTC, datetime
from typing import Any, Final

from tracer._figures import count, duration, figure, money, percent, relative
from tracer.alerts.links import link_of, window_of
from tracer.alerts.rules import Event, Reading, Rule

WINDOW_WORDS: Final = {
    900: "last 15 minutes",
    3600: "last hour",
    86_400: "last day",
    604_800: "last week",
}
_BASE_WORDS: Final = {
    "before": "the time before",
    "day": "a day earlier",
    "week": "a week earlier",
}
_MEASURE_WORDS: Final = {
    "error_rate": "error rate",
    "latency_p95_ms": "latency p95",
    "cost_usd": "cost",
    "calls": "calls",
}
_WRITTEN: Final = {
    "error_rate": percent,
    "latency_p95_ms": duration,
    "cost_usd": money,
    "calls": count,
    "score": figure,
}


def message(
    rule: Rule,
    event: Event,
    reading: Reading,
    *,
    id: str,
    fired_ns: int,
    now_ns: int,
    dashboard: str = "",
) -> dict[str, Any]:
    """Return what is posted; ``text`` is what Slack and its like show.

    Args:
        rule: Which rule.
        event: What happened.
        reading: On what.
        id: The same for both messages of a firing, and for a repeat.
        fired_ns: When it fired.
        now_ns: When it happened.
        dashboard: Where people find the dashboard; empty if nobody has said so.
    """
    url = None
    if dashboard:
        since_ns, until_ns = window_of(rule, fired_ns=fired_ns, now_ns=now_ns)
        url = link_of(rule, dashboard, since_ns=since_ns, until_ns=until_ns)
    said = text(rule, event, reading)
    return {
        "text": f"{said} {url}" if url else said,
        "url": url,
        "event": event,
        "id": f"{id}-{event}",
        "rule": rule.id,
        "name": rule.name or rule.id,
        "project": rule.project,
        "measure": rule.measure,
        "score": rule.score,
        "test": rule.test,
        "threshold": rule.threshold,
        "value": reading.value,
        "n": reading.n,
        "baseline": reading.baseline,
        "baseline_n": reading.baseline_n,
        "change": reading.change,
        "window_s": rule.window_s,
        "fired_at": _iso(fired_ns),
        "recovered_at": _iso(now_ns) if event == "recovered" else None,
    }


def text(rule: Rule, event: Event, reading: Reading) -> str:
    """Return one line for people; what people named cannot address a channel."""
    name = safe(rule.name or rule.id)
    if event == "test":
        said = f"{safe(measure_text(rule))}, {limit_text(rule)}"
        return (
            f"Test: {name} – alerts arrive here ({said}, project {safe(rule.project)})"
        )
    head = "Alert" if event == "fired" else "Recovered"
    facts = f"{limit_text(rule)}; n {reading.n:,}, {window_text(rule)}"
    return (
        f"{head}: {name} – {safe(measure_text(rule))} is "
        f"{value_text(rule, reading.value)}{_change_text(rule, reading)} "
        f"({facts}, project {safe(rule.project)})"
    )


def measure_text(rule: Rule) -> str:
    """Return what is watched, in words."""
    if rule.measure == "score":
        return f"mean of {rule.score}"
    return _MEASURE_WORDS[rule.measure]


def value_text(rule: Rule, value: float | None) -> str:
    """Return a value with its unit, as the dashboard has it."""
    if value is None:
        return "unknown"
    return _WRITTEN[rule.measure](value)


def limit_text(rule: Rule) -> str:
    """Return the limit, in words."""
    if rule.test != "change":
        return f"limit: {rule.test} {value_text(rule, rule.threshold)}"
    way = {"up": "up", "down": "down", "either": "up or down"}[rule.direction]
    return f"limit: {way} by {rule.threshold:.0%} against {_BASE_WORDS[rule.against]}"


def window_text(rule: Rule) -> str:
    """Return how far a look goes back, in words."""
    return WINDOW_WORDS[rule.window_s]


def safe(text: str) -> str:
    """Return text as Slack shows it: in one line, no link, nobody called."""
    line = " ".join(text.split())
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _change_text(rule: Rule, reading: Reading) -> str:
    if rule.test != "change" or reading.change is None:
        return ""
    before = value_text(rule, reading.baseline)
    return f", {relative(reading.change)} against {before} {_BASE_WORDS[rule.against]}"


def _iso(moment_ns: int) -> str:
    moment = datetime.fromtimestamp(moment_ns / 1e9, UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")

"""Rules of alerts as people read and write them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from dashboard.shaping import cells, conditions, numbers
from dashboard.shaping.cells import Cell, Column, Tone
from dashboard.shaping.traffic.courses import write
from dashboard.shaping.traffic.overview import moment
from dashboard.shaping.windows import Window, between, written
from tracer.alerts import links
from tracer.alerts.preview import Preview
from tracer.alerts.rules import Reading, Rule, is_enough

Row = Mapping[str, Any]
Texts = Mapping[str, str]

KINDS: Final = {
    "score": "number",
    "error_rate": "bool",
    "latency_p95_ms": "ms",
    "cost_usd": "usd",
    "calls": "count",
}
"""What kind of number each measure is."""

MOST_FIRINGS: Final = 30
"""Firings of all rules that stand under their list."""

SETTINGS: Final = (
    *("id", "project", "name", "measure", "score", "where", "window_s", "test"),
    *("threshold", "direction", "against", "clear", "min_n", "cooldown_s"),
)
"""What a preview depends on; how a rule stands is no part of it."""


def settings(rule: Row) -> dict[str, Any]:
    """Return what a rule says, without how it stands."""
    return {key: rule[key] for key in SETTINGS if key in rule}


def is_percent(measure: str, test: str) -> bool:
    """Return whether people write a limit in per cent where rules hold a share."""
    return test == "change" or measure == "error_rate"


def figure(rule: Rule, value: float | None) -> str:
    """Return a limit or a measure with its unit."""
    if rule.test == "change":
        return numbers.percent(value)
    return write(KINDS[rule.measure], value)


def measured(rule: Rule, reading: Reading | None) -> str:
    """Return what a reading says: the value, of a change also by how much."""
    if reading is None or reading.value is None:
        return numbers.NOTHING
    shown = write(KINDS[rule.measure], reading.value)
    if rule.test == "change" and reading.change is not None:
        return f"{shown} ({numbers.relative(reading.change)})"
    return shown


def sentence(rule: Rule, words: Texts) -> str:
    """Return a rule in one line; `words` is the catalogue's section ``alerts.says``."""
    what = words["score"].format(name=rule.score or "?")
    if rule.measure != "score":
        what = words[rule.measure]
    said = words[
        f"{rule.test}_{rule.direction}" if rule.test == "change" else rule.test
    ]
    limit = figure(rule, rule.threshold)
    base = words[f"against_{rule.against}"]
    window = words[f"window_{rule.window_s}"]
    return said.format(what=what, limit=limit, base=base, window=window)


def called(rule: Rule, words: Texts) -> str:
    """Return what people call a rule: its name, or what it says."""
    return rule.name or sentence(rule, words)


def status(rule: Row, words: Texts) -> Cell:
    """Return how a rule stands, as a badge."""
    name, tone = _standing(rule)
    return cells.badge(words[name], tone, dot=True)


def _standing(rule: Row) -> tuple[str, Tone]:
    if rule["state"] == "paused":
        return "paused", "none"
    if rule["message"]:
        return "stuck", "warn"
    if rule["standing"].get("firing"):
        return "firing", "bad"
    return ("quiet", "good") if rule["reading"] else ("waiting", "info")


def columns(texts: Texts) -> list[Column]:
    """Return the columns of the list of rules."""
    return [
        Column("status", texts["status"], "max-content"),
        Column("name", texts["name"], "minmax(90px, 1fr)"),
        Column("rule", texts["rule"], "minmax(160px, 2fr)"),
        Column("now", texts["now"], "max-content", end=True),
        Column("n", texts["n"], "max-content", end=True),
        Column("last", texts["last"], "max-content"),
        Column("told", texts["told"], "minmax(80px, max-content)"),
    ]


def rows(rules: Iterable[Row], *, says: Texts, states: Texts) -> list[dict[str, Any]]:
    """Return the list of rules; those that fire come first."""
    order = {"firing": 0, "stuck": 1}
    listed = sorted(rules, key=lambda rule: order.get(_standing(rule)[0], 2))
    return [_row(rule, says=says, states=states) for rule in listed]


def _row(document: Row, *, says: Texts, states: Texts) -> dict[str, Any]:
    rule = Rule.of(document)
    firings = [one for one in document["firings"] if not one.get("is_test")]
    reading = reading_of(document["reading"])
    said = sentence(rule, says)
    return cells.row(
        rule.id,
        status=status(document, states),
        name=cells.words(rule.name or said),
        rule=cells.words(said if rule.name else None, soft=True),
        now=measured(rule, reading),
        n=numbers.count(reading.n if reading else None),
        last=cells.time(firings[0]["fired_ns"]) if firings else None,
        told=cells.words(host(rule.webhook_url), soft=True),
    )


def host(url: str | None) -> str | None:
    """Return whom a webhook's address leads to; the rest of it is a secret."""
    return urlsplit(url).hostname if url else None


def reading_of(stored: Row) -> Reading | None:
    """Return a reading that a rule's document remembers, None if it has none."""
    names = ("value", "n", "baseline", "baseline_n", "is_shown")
    return Reading(**{name: stored.get(name) for name in names}) if stored else None  # type: ignore[arg-type]


def window_of(rule: Rule, firing: Row) -> Window:
    """Return what a firing is about: the window it fired on, up to its end."""
    ended_ns = firing.get("recovered_ns") or firing["fired_ns"]
    ends_ns = links.window_of(rule, fired_ns=firing["fired_ns"], now_ns=ended_ns)
    first, last = (datetime.fromtimestamp(ns / 1e9, UTC) for ns in ends_ns)
    return between(first, last)


def calls_link(rule: Rule, firing: Row) -> dict[str, str]:
    """Return parameters of the list of the traces that a firing is about."""
    window = window_of(rule, firing)
    found = {"range": written(window, now=window.end(window.since))}
    if rule.measure == "error_rate":
        found["status"] = "error"
    if rule.measure == "latency_p95_ms":
        found["order"] = "-duration_ms"
    if rule.measure == "cost_usd":
        found["order"] = "-cost_usd"
    return found


def filter_of(rule: Rule) -> list[str]:
    """Return a rule's conditions as the filter of the list of traces has them."""
    return [conditions.write((*one, None)[:3]) for one in rule.where]


def firing_columns(texts: Texts) -> list[Column]:
    """Return the columns of what became of a rule."""
    return [
        Column("fired", texts["fired"], "max-content"),
        Column("ended", texts["ended"], "max-content"),
        Column("value", texts["value"], "max-content", end=True),
        Column("n", texts["n"], "max-content", end=True),
        Column("told", texts["told"], "minmax(120px, 1fr)"),
    ]


def firing_rows(document: Row, texts: Texts) -> list[dict[str, Any]]:
    """Return a rule's firings, the newest first."""
    return [
        cells.row(firing["id"], **_firing(document, firing, texts))
        for firing in document["firings"]
    ]


def _firing(document: Row, firing: Row, texts: Texts) -> dict[str, Cell]:
    waiting = {one["id"]: one.get("failure") for one in document["pending"]}
    reading = firing.get("reading") or {}
    return {
        "fired": cells.time(firing["fired_ns"]),
        "ended": cells.time(firing.get("recovered_ns")),
        "value": measured(Rule.of(document), reading_of(reading)),
        "n": numbers.count(reading.get("n")),
        "told": _told(firing, texts, waiting),
    }


def newest_firings(rules: Iterable[Row]) -> list[tuple[Row, Row]]:
    """Return the newest firings of all rules, each with its rule; tests are none."""
    found = [
        (rule, firing)
        for rule in rules
        for firing in rule["firings"]
        if not firing.get("is_test")
    ]
    return sorted(found, key=lambda one: -one[1]["fired_ns"])[:MOST_FIRINGS]


def all_firing_columns(texts: Texts) -> list[Column]:
    """Return the columns of firings of several rules."""
    return [
        Column("name", texts["name"], "minmax(120px, 1fr)"),
        *firing_columns(texts),
    ]


def all_firing_rows(
    found: Iterable[tuple[Row, Row]], texts: Texts, *, says: Texts
) -> list[dict[str, Any]]:
    """Return firings of several rules; a row's id is its place."""
    return [
        cells.row(
            str(place),
            name=cells.words(called(Rule.of(rule), says)),
            **_firing(rule, firing, texts),
        )
        for place, (rule, firing) in enumerate(found)
    ]


def _told(firing: Row, texts: Texts, waiting: Mapping[str, str | None]) -> Cell:
    """Return what became of a firing's messages, or of a test."""
    keys = ("fired_outcome", "recovered_outcome", "test_outcome")
    outcomes = [firing[key] for key in keys if firing.get(key) is not None]
    failed = [outcome for outcome in outcomes if outcome != "delivered"]
    if failed:
        return cells.words(failed[-1], tone="bad")
    if firing["id"] in waiting:
        failure = waiting[firing["id"]]
        again = texts["again"].format(why=failure) if failure else texts["waiting"]
        return cells.words(again, tone="warn")
    if not outcomes:
        return cells.words(texts["nobody"], soft=True)
    said = texts["test" if firing.get("is_test") else "delivered"]
    return cells.words(said.format(n=len(outcomes)))


def points(rule: Rule, found: Preview) -> list[dict[str, Any]]:
    """Return the preview's course: what is held against the limit, oldest first.

    Windows that hold too little to conclude anything are gaps.
    """
    return [
        {
            "at": moment(ended_ns),
            "value": _held(rule, reading) if is_enough(rule, reading) else None,
            "n": reading.n,
        }
        for ended_ns, reading in found.readings.items()
    ]


def _held(rule: Rule, reading: Reading) -> float | None:
    return reading.change if rule.test == "change" else reading.value


def spans(found: Preview) -> list[dict[str, str]]:
    """Return when the rule would have been firing."""
    last = max(found.readings, default=0)
    return [
        {"at": moment(one.fired_ns), "until": moment(one.recovered_ns or last)}
        for one in found.firings
    ]


def limits(rule: Rule) -> Sequence[float]:
    """Return the limits that the course is held against."""
    if rule.test != "change":
        return [rule.threshold]
    ways = {"up": (1,), "down": (-1,), "either": (1, -1)}[rule.direction]
    return [way * rule.threshold for way in ways]

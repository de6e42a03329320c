"""The form of a rule; what it says is seen at once in the preview beside it."""

import uuid
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import address, data
from dashboard.scope import Scope
from dashboard.shaping import conditions
from dashboard.shaping.traffic import alerts
from dashboard.texts import section, text
from tracer.alerts.rules import DIRECTIONS, LAGS_S, MEASURES, TESTS, WINDOWS

FIRST: Mapping[str, Any] = {
    "name": "",
    "measure": "error_rate",
    "score": None,
    "where": [],
    "window_s": 3600,
    "test": "above",
    "threshold": 0.05,
    "direction": "either",
    "against": "week",
    "clear": None,
    "min_n": 20,
    "cooldown_s": 3600,
    "webhook_url": None,
}
"""What a new rule says at first."""

USUAL_LIMITS: Mapping[str, float] = {
    "score": 0.5,
    "error_rate": 0.05,
    "latency_p95_ms": 5000.0,
    "cost_usd": 10.0,
    "calls": 1.0,
}
MINUTE_S = 60


def draw(here: Scope, known: Mapping[str, Any] | None) -> dict[str, Any]:
    """Draw the form of a rule, None for a new one; return what it says."""
    given = {**FIRST, **(known or _wanted())}
    key = f"alert-{given.get('id', 'new')}"
    rule: dict[str, Any] = {"id": given.get("id"), "project": given.get("project")}
    rule["name"] = st.text_input(
        text("alerts.form.name"), given["name"], max_chars=200, key=f"{key}-name"
    )
    if known is None:
        rule["project"] = _project(here, key)
    rule |= _measure(here, given, rule["project"], key)
    rule |= _test(given, rule["measure"], key)
    with st.expander(text("alerts.form.more"), type="compact"):
        rule |= _more(given, rule, key)
    rule["webhook_url"] = (
        st.text_input(
            text("alerts.form.webhook"),
            given["webhook_url"] or "",
            type="password",
            placeholder="https://hooks.slack.com/services/…",
            help=text("alerts.form.webhook_help"),
            key=f"{key}-webhook",
        ).strip()
        or None
    )
    return rule


def _wanted() -> dict[str, Any]:
    """Return what the address wants watched, by whoever led here."""
    measure, score = address.get("watch"), address.get("score")
    if measure is None or measure not in USUAL_LIMITS:
        return {}
    test = "below" if measure == "score" else "above"
    limit = USUAL_LIMITS[measure]
    wanted: dict[str, Any] = {"measure": measure, "score": score}
    return wanted | {"test": test, "threshold": limit, "window_s": 86_400}


def _project(here: Scope, key: str) -> str | None:
    if here.project:
        return here.project
    projects = [row["project"] for row in data.projects()]
    label = text("sidebar.project")
    chosen: str | None = st.selectbox(label, projects, key=f"{key}-project")
    return chosen


def _measure(
    here: Scope, given: Mapping[str, Any], project: str | None, key: str
) -> dict[str, Any]:
    names = section("alerts.measures")
    left, right = st.columns(2, gap="small")
    with left:
        measure = st.selectbox(
            text("alerts.form.measure"),
            MEASURES,
            MEASURES.index(given["measure"]),
            format_func=names.__getitem__,
            key=f"{key}-measure",
        )
    windows = section("alerts.windows")
    lengths = list(WINDOWS)
    with right:
        window_s = st.selectbox(
            text("alerts.form.window"),
            lengths,
            lengths.index(given["window_s"]),
            format_func=lambda length: windows[str(length)],
            key=f"{key}-window",
        )
    chosen: dict[str, Any] = {"measure": measure, "window_s": window_s}
    if measure == "score":
        return chosen | {"score": _score(here, given, project, key), "where": []}
    return chosen | {"score": None, "where": _where(given, key)}


def _score(
    here: Scope, given: Mapping[str, Any], project: str | None, key: str
) -> str | None:
    found = data.values(("score",), project, here.window.coarse())["score"]
    known = list(dict.fromkeys([*filter(None, [given["score"]]), *found]))
    score: str | None = st.selectbox(
        text("alerts.form.score"),
        known,
        0 if known else None,
        accept_new_options=True,
        key=f"{key}-score",
    )
    return score


def _where(given: Mapping[str, Any], key: str) -> list[list[Any]]:
    before = [conditions.write(one) for one in given["where"]]
    wanted = st.multiselect(
        text("alerts.form.where"),
        before,
        before,
        accept_new_options=True,
        select_all=False,
        placeholder=text("alerts.form.where_hint"),
        key=f"{key}-where",
    )
    parsed = [list(conditions.parse(one)) for one in wanted]
    return [one[:2] if one[1] in ("exists", "missing") else one for one in parsed]


def _test(given: Mapping[str, Any], measure: str, key: str) -> dict[str, Any]:
    tests = section("alerts.tests")
    test = st.segmented_control(
        text("alerts.form.test"),
        TESTS,
        default=given["test"],
        required=True,
        format_func=tests.__getitem__,
        key=f"{key}-test",
    )
    chosen: dict[str, Any] = {"test": test or given["test"]}
    is_same = (measure, chosen["test"]) == (given["measure"], given["test"])
    usual = 0.2 if chosen["test"] == "change" else USUAL_LIMITS[measure]
    limit = given["threshold"] if is_same else usual
    chosen["threshold"] = _amount(
        text("alerts.form.threshold"), limit, measure, chosen["test"], key
    )
    chosen |= {"direction": given["direction"], "against": given["against"]}
    if chosen["test"] == "change":
        left, right = st.columns(2, gap="small")
        ways, bases = section("alerts.directions"), section("alerts.baselines")
        with left:
            chosen["direction"] = st.selectbox(
                text("alerts.form.direction"),
                DIRECTIONS,
                DIRECTIONS.index(given["direction"]),
                format_func=ways.__getitem__,
                key=f"{key}-direction",
            )
        with right:
            chosen["against"] = st.selectbox(
                text("alerts.form.against"),
                list(LAGS_S),
                list(LAGS_S).index(given["against"]),
                format_func=bases.__getitem__,
                key=f"{key}-against",
            )
    return chosen


def _amount(
    label: str, value: float | None, measure: str, test: str, key: str
) -> float | None:
    """Ask for a limit in the unit that people use."""
    is_percent = alerts.is_percent(measure, test)
    units = section("alerts.units")
    unit = units["percent"] if is_percent else units[measure]
    scale = 100.0 if is_percent else 1.0
    shown = None if value is None else round(float(value) * scale, 6)
    asked = st.number_input(
        f"{label}, {unit}" if unit else label,
        value=shown,
        format="%.10g",
        key=f"{key}-{label}-{measure}-{test}",
    )
    return None if asked is None else float(asked) / scale


def _more(
    given: Mapping[str, Any], rule: Mapping[str, Any], key: str
) -> dict[str, Any]:
    measure, test = rule["measure"], rule["test"]
    clear = _amount(text("alerts.form.clear"), given["clear"], measure, test, key)
    min_n = st.number_input(
        text("alerts.form.min_n"), 0, value=int(given["min_n"]), key=f"{key}-min-n"
    )
    rests = st.number_input(
        text("alerts.form.cooldown"),
        0,
        value=int(given["cooldown_s"]) // MINUTE_S,
        key=f"{key}-cooldown",
    )
    return {"clear": clear, "min_n": int(min_n), "cooldown_s": int(rests) * MINUTE_S}


def save(rule: Mapping[str, Any]) -> None:
    """Store a rule that the form holds, and show it."""
    is_new = rule["id"] is None
    id = uuid.uuid4().hex[:12] if is_new else str(rule["id"])
    data.save_alert_rule({**rule, "id": id})
    address.change(alert=id, edit=None, watch=None, score=None)

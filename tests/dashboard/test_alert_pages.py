"""Alerts in the dashboard, over a real collector."""

from collections.abc import Callable
from typing import Any

import pytest
from dashboard_pages import components, page, rows, said
from past_calls import send_calls
from processes import CollectorProcess
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.shaping.traffic import alerts
from dashboard.texts import section, text
from tracer.alerts.preview import Preview
from tracer.alerts.rules import Reading, Rule
from tracer.client import Client

Rules = Callable[..., dict[str, Any]]


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url, "")


@pytest.fixture
def add(client: Client, project: str) -> Rules:
    def added(**given: Any) -> dict[str, Any]:
        rule = {"id": f"rule-{project}", "project": project, "name": "너무 많은 오류"}
        return client.save_alert_rule(rule | {"threshold": 0.05} | given)

    return added


def opened(collector: CollectorProcess, rule: dict[str, Any], **params: str) -> AppTest:
    return page(
        collector, "alerts", project=rule["project"], alert=rule["id"], **params
    )


def test_nothing_watched_teaches_how_to_watch(
    collector: CollectorProcess, project: str
) -> None:
    app = page(collector, "alerts", project=project)
    assert text("alerts.empty.title") in app.markdown[-2].value
    assert "save_alert_rule" in app.code[0].value


def test_rules_are_listed_with_what_they_watch_and_how_they_stand(
    collector: CollectorProcess, add: Rules
) -> None:
    rule = add(
        standing={"firing": True},
        reading={"value": 0.31, "n": 1200},
        webhook_url="https://hooks.example.com/secret",
    )
    app = page(collector, "alerts", project=rule["project"])
    [listed] = rows(app, "alerts")
    assert listed["status"]["badge"]["text"] == "firing"
    assert listed["rule"]["text"] == "error rate of an hour above 5.0%"
    assert (listed["now"], listed["n"]) == ("31.0%", "1,200")
    assert listed["told"]["text"] == "hooks.example.com"
    assert "secret" not in str(components(app)["alerts"])


def test_a_new_rule_is_seen_in_its_preview_and_saved(
    collector: CollectorProcess, client: Client, project: str
) -> None:
    send_calls(collector.url, project, 10, failed=4, ago_s=2 * 86_400)
    app = page(collector, "alerts", project=project, alert="new")
    assert any("holds fewer than 20" in one.value for one in app.markdown)
    app.text_input(key="alert-new-name").set_value("errors").run()
    app.number_input(key="alert-new-min-n").set_value(5).run()
    assert any("fired 1 time " in one.value for one in app.markdown)
    app.button(key="alert-save").click().run()

    [rule] = client.alert_rules(project=project)
    assert (rule["name"], rule["threshold"], rule["min_n"]) == ("errors", 0.05, 5)
    assert rule["author"] == "dashboard"
    assert app.query_params["alert"] == rule["id"]


def test_a_limit_is_written_in_the_unit_that_people_use(
    collector: CollectorProcess, client: Client, add: Rules, project: str
) -> None:
    rule = add(standing={"firing": True})
    app = opened(collector, rule, edit="1")
    [limit] = [one for one in app.number_input if one.label.startswith("Limit")]
    assert (limit.label, limit.value) == ("Limit, %", 5.0)
    limit.set_value(7.5).run()
    app.button(key="alert-save").click().run()
    [saved] = client.alert_rules(project=project)
    assert saved["threshold"] == pytest.approx(0.075)
    assert saved["standing"] == {"firing": True}  # which is a worker's, and stays


def test_a_rule_on_a_score_asks_which(
    collector: CollectorProcess, project: str
) -> None:
    app = page(collector, "alerts", project=project, alert="new")
    app.selectbox(key="alert-new-measure").set_value("score").run()
    assert text("alerts.needs_score") in [one.value for one in app.info]
    assert app.button(key="alert-save").disabled


def test_what_a_trend_wants_watched_is_in_the_form(
    collector: CollectorProcess, project: str
) -> None:
    asked = {"alert": "new", "watch": "score", "score": "좋음"}
    app = page(collector, "alerts", project=project, **asked)
    assert app.selectbox(key="alert-new-measure").value == "score"
    assert app.selectbox(key="alert-new-score").value == "좋음"
    assert not app.button(key="alert-save").disabled


def test_an_open_rule_tells_its_firings_and_is_paused_and_deleted(
    collector: CollectorProcess, client: Client, add: Rules, project: str
) -> None:
    firing = {"id": "f", "fired_ns": 10**18, "recovered_ns": None}
    firing |= {"reading": {"value": 0.2, "n": 50}, "fired_outcome": "delivered"}
    rule = add(firings=[firing], reading={"value": 0.2, "n": 50})
    app = opened(collector, rule)
    [shown] = rows(app, f"firings-{rule['id']}")
    assert (shown["value"], shown["n"]) == ("20.0%", "50")
    assert shown["told"]["text"] == "delivered (1)"
    listed = page(collector, "alerts", project=project)
    [same] = rows(listed, "firings")
    assert same == shown | {"name": same["name"]}
    assert same["name"]["text"] == "너무 많은 오류"
    app.button(key="alert-pause").click().run()
    assert client.alert_rules(project=project)[0]["state"] == "paused"
    app.button(key="alert-delete").click().run()
    app.button(key="alert-delete-yes").click().run()
    assert client.alert_rules(project=project) == []


def test_a_rule_that_no_worker_has_seen_or_that_is_stuck_says_so(
    collector: CollectorProcess, add: Rules
) -> None:
    app = opened(collector, add())
    assert text("alerts.no_worker") in [one.value for one in app.caption]
    stuck = add(message="field 'modell' is not known")
    data.forget()
    app = opened(collector, stuck)
    assert "modell" in said(app.warning[0])


def test_a_rule_that_is_gone_is_said_to_be(
    collector: CollectorProcess, add: Rules
) -> None:
    rule = add()
    app = page(collector, "alerts", project=rule["project"], alert="another")
    assert "another" in said(app.warning[0])
    app.button(key="leave-alert").click().run()
    assert not app.warning
    assert "alert" not in app.query_params


def test_a_rule_without_a_name_is_called_by_what_it_says(
    collector: CollectorProcess, add: Rules
) -> None:
    rule = add(name="")
    app = opened(collector, rule)
    said = alerts.sentence(Rule.of(rule), section("alerts.says"))
    [listed] = rows(app, "alerts")
    assert (listed["name"]["text"], listed["rule"]) == (said, None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"measure": "score", "score": "good", "test": "below", "threshold": 0.5},
            "mean of good of an hour below 0.500",
        ),
        (
            {"measure": "cost_usd", "window_s": 86_400, "threshold": 2},
            "cost of a day above $2.00",
        ),
        (
            {"measure": "calls", "test": "change", "threshold": 0.5},
            "calls of an hour changed by more than 50.0% against the window before",
        ),
    ],
)
def test_a_rule_is_one_sentence(given: dict[str, Any], said: str) -> None:
    rule = Rule.of({"id": "r", "project": "p"} | given)
    assert alerts.sentence(rule, section("alerts.says")) == said


def test_windows_that_conclude_nothing_are_gaps_of_the_preview() -> None:
    rule = Rule.of({"id": "r", "project": "p", "min_n": 20})
    found = Preview({1: Reading(0.5, 3), 2: Reading(0.1, 20)}, [], 1)
    assert [one["value"] for one in alerts.points(rule, found)] == [None, 0.1]


def test_what_is_typed_last_is_saved_with_the_rest(
    collector: CollectorProcess, client: Client, add: Rules, project: str
) -> None:
    app = opened(collector, add(), edit="1")
    app.text_input(key=f"alert-rule-{project}-name").set_value("다른 이름")
    app.button(key="alert-save").click().run()
    assert client.alert_rules(project=project)[0]["name"] == "다른 이름"


def test_a_firing_leads_to_the_calls_of_its_window() -> None:
    where = [["model", "=", "m-1"], ["user_id", "exists"]]
    rule = Rule.of({"id": "r", "project": "p", "where": where})
    fired_ns = 1_795_003_200 * 10**9
    firing = {"fired_ns": fired_ns, "recovered_ns": fired_ns + 600 * 10**9}
    assert alerts.calls_link(rule, firing) == {
        "range": "2026-11-18T11:00Z..2026-11-18T12:10Z",
        "status": "error",
    }
    assert alerts.filter_of(rule) == ["model = m-1", "user_id exists"]

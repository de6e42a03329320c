"""Rules of alerts: documents that change key by key, and keep their secret."""

from typing import Any

import pytest
from guarded import ADMIN, guarded_collector
from reading import read

from collector.api.refusals import Refusal
from collector.storage.documents import alert_rules
from collector.storage.documents.alert_rules import save_alert_rule
from collector.storage.documents.versions import Place
from collector.storage.engine import Store
from collector.storage.reads.reader import Row
from tracer.alerts import rules


def put_rule(
    store: Store, project: str, replaces: int | None = None, **given: Any
) -> Row:
    place = Place("alert-rule", project, "rule")
    return read(
        store,
        lambda reader: save_alert_rule(store, reader, place, given, replaces=replaces),
    )


def test_a_rule_keeps_what_a_write_does_not_name(store: Store, project: str) -> None:
    put_rule(store, project, threshold=0.5, name="느림")
    changed = put_rule(store, project, standing={"firing": True})
    assert (changed["threshold"], changed["name"]) == (0.5, "느림")
    assert (changed["standing"], changed["version"]) == ({"firing": True}, 2)


def test_of_two_writes_to_one_version_one_wins(store: Store, project: str) -> None:
    put_rule(store, project)
    put_rule(store, project, replaces=1, worker="one")
    with pytest.raises(Refusal, match="at version 2"):
        put_rule(store, project, replaces=1, worker="two")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("state", "asleep"),
        ("measure", "mood"),
        ("window_s", 60),
        ("window_s", True),
        ("test", "equal"),
        ("threshold", "much"),
        ("threshold", float("inf")),
        ("threshold", None),
        ("min_n", -1),
        ("where", [["name", "near", "x"]]),
        ("firings", {}),
        ("webhook_url", "ftp://host/x"),
        ("webhook_url", "https://user:secret@host/x"),
        ("webhook_url", "https:///x"),
        ("webhook_url", "https://host/x\r\nHost: y"),
        ("webhook_url", "https://host/" + "x" * 2000),
    ],
)
def test_a_value_that_fits_no_rule_is_refused_by_name(
    store: Store, project: str, key: str, value: Any
) -> None:
    with pytest.raises(Refusal, match=f"^{key} ?.*does not fit an alert rule") as no:
        put_rule(store, project, **{key: value})
    assert "secret" not in str(no.value)


def test_a_rule_on_a_score_names_it(store: Store, project: str) -> None:
    with pytest.raises(Refusal, match="score None does not fit"):
        put_rule(store, project, measure="score")
    assert put_rule(store, project, measure="score", score="good")["score"] == "good"


def test_a_rule_remembers_its_newest_firings_only(store: Store, project: str) -> None:
    many = [{"id": str(number)} for number in range(80)]
    kept = put_rule(store, project, firings=many)["firings"]
    assert kept == many[: alert_rules.MAX_FIRINGS]


def test_workers_know_the_words_that_the_collector_takes() -> None:
    assert alert_rules.MEASURES == rules.MEASURES
    assert alert_rules.TESTS == rules.TESTS
    assert alert_rules.DIRECTIONS == rules.DIRECTIONS
    assert set(alert_rules.BASELINES) == set(rules.LAGS_S)
    assert set(alert_rules.WINDOWS_S) == set(rules.WINDOWS)


def test_who_may_only_read_does_not_see_a_webhooks_path(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    url = "https://hooks.example.com/services/T0/B0/secret"
    with guarded_collector(tmp_path_factory.mktemp("alerts")) as running:
        body = {"project": "p", "webhook_url": url}
        saved = running.call(ADMIN, "PUT", "/api/v1/alert-rules/r", body)
        assert saved.json()["webhook_url"] == url
        reader = running.make("read", project="p")
        seen = running.call(reader, "GET", "/api/v1/alert-rules")
        assert seen.json()["rows"][0]["webhook_url"] == "https://hooks.example.com/…"
        editor = running.make("edit", "read", project="p")
        seen = running.call(editor, "GET", "/api/v1/alert-rules")
        assert seen.json()["rows"][0]["webhook_url"] == url

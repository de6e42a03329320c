"""The page of settings: what it shows, and what only administrators see and do."""

from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from dashboard_pages import components, page, rows, said
from guarded import ADMIN, Guarded, guarded_collector
from processes import CollectorProcess
from streamlit.testing.v1 import AppTest

from dashboard.shaping.settings import days, plain_url, size
from dashboard.texts import text
from tracer._build import build
from tracer.client import Client


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded_collector(tmp_path_factory.mktemp("guarded")) as running:
        admin = Client(running.url, ADMIN)
        for project in ("mine", "theirs"):
            example = {"inputs": {"question": f"{project}?"}}
            admin.save_dataset("set", [example], project=project)
        yield running


def settings(collector: CollectorProcess, part: str, **more: str) -> AppTest:
    return page(collector, "settings", section=part, **more)


def test_projects_have_their_size_and_how_long_they_are_kept(
    collector: CollectorProcess, told: str
) -> None:
    Client(collector.url).save_retention(told, days=45)
    app = settings(collector, "projects")
    row = next(one for one in rows(app, "projects") if one["project"]["text"] == told)
    assert row["disk"]["text"].startswith("≈ ")
    assert any("on disk, as Health and" in one.value for one in app.markdown)
    assert row["kept"]["text"] == "45 days · own"
    assert row["kept_runs"]["text"] == "for ever · own"
    Client(collector.url).clear_retention(told)


def retention() -> None:
    """The dialog that AppTest cannot open, as a page."""
    import streamlit as st

    from dashboard import data
    from dashboard.parts.settings.store import _retention

    _retention(st.query_params["project"], data.retention())


def dialog(function: Any, url: str, *, api_key: str = "", **params: str) -> AppTest:
    app = AppTest.from_function(function, default_timeout=60)
    app.secrets["collector"] = {"url": url, "api_key": api_key}
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def test_a_shorter_retention_asks_twice_and_can_be_taken_back(
    collector: CollectorProcess, told: str
) -> None:
    client = Client(collector.url)
    app = dialog(retention, collector.url, project=told)
    app.number_input(key="kept-days").set_value(3650).run()
    assert app.button(key="kept-save").disabled
    app.checkbox(key="kept-sure").check().run()
    app.button(key="kept-save").click().run()
    [row] = client.retention(project=told)["rows"]
    assert (row["days"], row["author"]) == (3650, "dashboard")
    app = dialog(retention, collector.url, project=told)
    app.button(key="kept-follow").click().run()
    assert client.retention(project=told)["rows"] == []


def test_keys_are_listed_and_a_new_one_is_shown_once(guarded: Guarded) -> None:
    def new() -> None:
        from dashboard.parts.settings.keys import _new

        _new()

    app = dialog(new, guarded.url, api_key=ADMIN)
    app.text_input(key="key-name").set_value("bot").run()
    app.button(key="key-make").click().run()
    app.run()
    made = app.code[0].value
    assert made.startswith("trk_")
    listed = page(guarded.url, "settings", api_key=ADMIN, section="keys")
    [bot] = [row for row in rows(listed, "keys") if row["name"]["text"] == "bot"]
    assert bot["id"]["text"] == made.split("_")[1]
    assert made not in str(components(listed))


def test_a_key_is_revoked_only_after_a_second_look(guarded: Guarded) -> None:
    def one() -> None:
        import streamlit as st

        from dashboard import data
        from dashboard.parts.settings.keys import _one

        _one(next(key for key in data.keys() if key["id"] == st.query_params["key"]))

    key = guarded.make("read")
    key_id = key.split("_")[1]
    app = dialog(one, guarded.url, api_key=ADMIN, key=key_id)
    assert Client(guarded.url, key).projects()
    app.button(key="revoke").click().run()
    states = {row["id"]: row["state"] for row in Client(guarded.url, ADMIN).keys()}
    assert states[key_id] == "revoked"


def test_who_is_no_admin_sees_neither_keys_nor_retention(guarded: Guarded) -> None:
    key = guarded.make("read", "edit")
    app = page(guarded.url, "settings", api_key=key, section="keys")
    assert [info.value for info in app.info] == [text("settings.for_admins")]
    app = page(guarded.url, "settings", api_key=key, section="projects")
    assert not app.error
    assert "everywhere" not in components(app)
    assert not components(app)["projects"]["opens"]


def test_models_without_a_price_are_named(
    collector: CollectorProcess, told: str
) -> None:
    app = settings(collector, "prices", project=told)
    [row] = rows(app, "unpriced")
    assert (row["model"]["text"], row["calls"]) == ("test-model", "13")


def test_health_says_versions_sizes_and_that_it_can_store(
    collector: CollectorProcess, told: str
) -> None:
    app = settings(collector, "health")
    assert [one.value for one in app.success] == [text("settings.ready")]
    facts = {one["label"]: one["value"] for one in components(app)["health"]["facts"]}
    assert facts["Engine"].startswith("chdb")
    assert facts["Collector"] == facts["Dashboard"] == build()
    assert f"tracer {build()}" in [one.value for one in app.sidebar.caption]
    assert {"Schema", "On disk", "Disk free", "Requests waiting"} <= facts.keys()


def test_the_ledger_tells_whether_what_was_sent_is_stored(
    collector: CollectorProcess, told: str
) -> None:
    app = settings(collector, "ledger", project=told)
    [row] = rows(app, "ledger")
    assert row["verdict"]["badge"]["text"] == "complete"
    assert row["sent"] == row["stored"]
    assert "last day: 1." in said(app.success[0])


def test_without_a_worker_the_judges_endpoint_is_what_the_environment_says(
    guarded: Guarded,
) -> None:
    key = guarded.make("read", "edit")
    app = page(guarded.url, "settings", api_key=key, section="judges")
    assert components(app)["judge-url"]["facts"][0]["value"].startswith("api.openai")
    about = {"base_url": "http://me:secret@vllm:8000/v1", "has_key": True}
    Client(guarded.url, key).report_worker("gpu-1", about)
    st.cache_data.clear()
    app = page(guarded.url, "settings", api_key=key, section="judges")
    [worker] = rows(app, "workers")
    assert worker["url"]["text"] == "http://vllm:8000/v1"
    assert plain_url("http://me:secret@vllm:8000/v1") == "http://vllm:8000/v1"


@pytest.mark.parametrize(
    "part", ["projects", "keys", "prices", "judges", "health", "ledger"]
)
def test_every_part_speaks_korean(collector: CollectorProcess, part: str) -> None:
    app = settings(collector, part, lang="ko")
    assert app.header[0].value == "설정"
    assert not app.exception


def test_sizes_and_ages_are_written_for_people() -> None:
    assert [size(n) for n in (None, 12, 1_500, 2.5e9, 340e6)] == [
        *("–", "12 B", "1.5 kB", "2.5 GB", "340 MB")
    ]
    forms = {"for_ever": "for ever", "form": "{n} day|{n} days"}
    assert [days(n, **forms) for n in (None, 0, 1, 30)] == [
        *("–", "for ever", "1 day", "30 days")
    ]


def test_an_empty_store_teaches_the_first_steps(guarded: Guarded) -> None:
    key = guarded.make("read", project="nothing-here")
    app = page(guarded.url, "settings", api_key=key, section="projects")
    assert app.button(key="look-again")

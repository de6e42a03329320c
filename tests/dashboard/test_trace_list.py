"""The list of traces: mistakes, ids, columns, saved views, live tail, downloads."""

from datetime import datetime
from typing import Any

import pytest
from dashboard_pages import components, page, rows, said
from processes import CollectorProcess
from streamlit.testing.v1 import AppTest

from dashboard.texts import text
from tracer.client import Client


def newest(collector: CollectorProcess, project: str) -> dict[str, Any]:
    return Client(collector.url, "").traces(project=project, limit=1)[0]


def opened(app: AppTest, popover: str) -> AppTest:
    """Open a popover, which a test cannot click."""
    app.session_state[popover] = True
    app.run()
    assert not app.exception, app.exception
    return app


def test_a_number_that_is_none_is_explained_and_nothing_is_listed(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "traces", project=told)
    app.multiselect(key="filter").set_value(["duration_ms > soon"]).run()

    [error] = app.error
    assert "duration_ms is a number" in said(error)
    assert "traces-wide" not in components(app)


def test_a_field_that_is_none_is_said_with_the_one_that_may_be_meant(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "traces", project=told)
    app.multiselect(key="filter").set_value(["modle = x"]).run()

    [warning] = app.warning
    assert "there is no field modle. Did you mean `model`?" in said(warning)


def test_an_id_or_a_link_in_the_search_box_opens_its_trace(
    collector: CollectorProcess, told: str
) -> None:
    trace = newest(collector, told)
    pasted = (
        trace["trace_id"],
        f"https://elsewhere/traces?x=1&trace={trace['trace_id']}",
        f"00-{trace['trace_id']}-{trace['span_id']}-01",
        trace["span_id"],
    )
    for words in pasted:
        app = page(collector, "traces", project=told)
        app.text_input(key="q").set_value(words).run()

        assert f"steps-{trace['trace_id']}" in components(app), words
        assert app.text_input(key="q").value == ""


def test_an_id_of_no_stored_trace_is_said_to_be_none(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "traces", project=told, q="0" * 31 + "e")

    assert "0" * 31 + "e" in said(app.warning[0])
    assert app.text_input(key="q").value == "0" * 31 + "e"


def test_the_columns_of_the_address_are_shown_in_its_order(
    collector: CollectorProcess, told: str
) -> None:
    app = page(
        collector, "traces", project=told, cols="name,metadata.plan,score.x,bogus,user"
    )

    table = components(app)["traces-wide"]
    shown = [column["label"] for column in table["columns"]]
    assert shown == ["Name", "plan", "x", "User"]
    assert table["rows"][0]["cells"]["metadata.plan"] is None  # the one that failed
    assert table["rows"][1]["cells"]["metadata.plan"]["text"] == "pro"


def test_columns_are_picked_from_scores_and_metadata_that_are_there(
    collector: CollectorProcess, told: str
) -> None:
    app = opened(page(collector, "traces", project=told), "columns")
    picker = app.multiselect(key="cols-None")
    assert "metadata.plan" in picker.options
    picker.set_value(["start", "metadata.plan"]).run()

    assert app.query_params["cols"] == "start,metadata.plan"
    app.button(key="usual-columns").click().run()
    assert "cols" not in app.query_params


def test_a_condition_is_put_together_from_values_that_are_there(
    collector: CollectorProcess, told: str
) -> None:
    app = opened(page(collector, "traces", project=told), "builder")
    app.selectbox(key="builder-field").set_value("user_id").run()
    value = app.selectbox(key="builder-value-user_id")
    assert sorted(value.options) == ["user-0", "user-1", "user-2"]
    value.set_value("user-1").run()
    app.button(key="builder-add").click().run()

    assert app.multiselect(key="filter").value == ["user_id = user-1"]
    assert len(rows(app, "traces-wide")) == 4


def test_a_view_is_saved_loaded_renamed_and_taken_away(
    collector: CollectorProcess, told: str
) -> None:
    client = Client(collector.url, "")
    asked = {"filter": "user_id = user-1", "status": "ok", "cols": "name,user"}
    app = opened(page(collector, "traces", project=told, **asked), "saved-views")
    app.text_input(key="view-new-name").set_value("사용자 1")
    submit(app)
    [view] = client.views(project=told)
    assert view["params"] == {
        **{"project": told, "filter": ["user_id = user-1"]},
        **{"status": "ok", "cols": "name,user"},
    }

    other = opened(page(collector, "traces", project=told, q="parcel"), "saved-views")
    other.button(key=f"view-{view['id']}").click().run()
    assert other.text_input(key="q").value == ""
    assert other.multiselect(key="filter").value == ["user_id = user-1"]
    assert other.query_params["cols"] == "name,user"
    assert len(rows(other, "traces-wide")) == 4

    opened(other, "saved-views")
    other.text_input(key=f"view-name-{view['id']}").set_value("renamed").run()
    other.button(key="view-update").click().run()
    assert [one["name"] for one in client.views(project=told)] == ["renamed"]
    opened(other, "saved-views")
    other.checkbox(key=f"view-sure-{view['id']}").check().run()
    other.button(key="view-delete").click().run()
    assert client.views(project=told) == []


def submit(app: AppTest) -> None:
    [button] = [one for one in app.button if one.label == text("views.save")]
    button.click().run()
    assert not app.exception, app.exception


def test_a_view_that_somebody_else_changed_is_not_overwritten(
    collector: CollectorProcess, project: str
) -> None:
    client = Client(collector.url, "")
    shown = {"project": project, "page": "traces", "params": {"project": project}}
    client.save_view("v1", name="mine", **shown)
    app = opened(page(collector, "traces", project=project, view="v1"), "saved-views")
    app.text_input(key="view-name-v1").set_value("still mine").run()
    client.save_view("v1", name="theirs", **shown)
    app.button(key="view-update").click().run()

    assert [one["name"] for one in client.views(project=project)] == ["theirs"]
    [toast] = app.toast
    assert "v1" in said(toast)


def test_the_live_tail_shows_what_has_come_since_it_began(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "traces", project=told, live="1")
    table = components(app)["traces-wide"]
    assert (table["every_ms"], len(table["rows"])) == (2000, 13)
    assert not any(row["fresh"] for row in table["rows"])
    app.button(key="live-pause").click().run()

    held = components(app)["traces-wide"]
    assert (held["every_ms"], len(held["rows"])) == (None, 13)
    assert any(text("live.paused") in one.value for one in app.markdown)


def test_a_list_that_is_not_live_asks_for_nothing_by_itself(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "traces", project=told)

    assert components(app)["traces-wide"]["every_ms"] is None


def test_another_period_between_two_times_begins_at_its_first_page(
    collector: CollectorProcess, told: str
) -> None:
    """The list went on at the cursor of the period before, and missed its newest."""
    cursor = Client(collector.url, "").traces(project=told, limit=5).next
    ends = {"since": "2020-01-01T00:00", "until": "2035-01-01T00:00"}
    asked = {"project": told, "range": "custom", "cursor": str(cursor), **ends}
    app = page(collector, "traces", **asked)
    assert len(rows(app, "traces-wide")) == 8
    app.datetime_input(key="since").set_value(
        datetime.fromisoformat("2021-01-01")
    ).run()
    assert "cursor" not in app.query_params
    assert len(rows(app, "traces-wide")) == 13


def test_a_download_says_first_how_many_traces_it_holds(
    collector: CollectorProcess, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(page(collector, "traces", project=told), "download")
    app.button(key="download-read").click().run()

    assert text("download.all", traces="13 traces") in [
        caption.value for caption in app.caption
    ]
    monkeypatch.setattr("dashboard.parts.traces.download.MOST_DOWNLOADED", 5)
    app = opened(page(collector, "traces", project=told), "download")
    app.button(key="download-read").click().run()
    assert text("download.first", traces="5 traces") in [
        caption.value for caption in app.caption
    ]

"""The dashboard shows what its key may read, and says what it may not do."""

from collections.abc import Iterator

import pytest
from dashboard_pages import page, rows, said
from guarded import ADMIN, Guarded, guarded_collector
from otlp_requests import span, trace_request
from streamlit.testing.v1 import AppTest

from dashboard.texts import text
from tracer import Client


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded_collector(tmp_path_factory.mktemp("guarded")) as running:
        admin = Client(running.url, ADMIN)
        for project in ("mine", "theirs"):
            example = {"inputs": {"question": f"{project}?"}}
            admin.save_dataset(f"{project}-set", [example], project=project)
        yield running


def confirm_deletion() -> None:
    """The dialog that AppTest cannot open, as a page."""
    from dashboard import data
    from dashboard.parts.dataset.actions import _delete

    _delete(data.dataset_page("mine-set", "mine"))


def test_a_key_that_only_reads_shows_pages_and_is_refused_an_edit(
    guarded: Guarded,
) -> None:
    key = guarded.make("read")
    app = page(guarded.url, "datasets", api_key=key, project="mine", dataset="mine-set")
    assert len(rows(app, "dataset-rows")) == 1

    app = AppTest.from_function(confirm_deletion, default_timeout=60)
    app.secrets["collector"] = {"url": guarded.url, "api_key": key}
    app.run().button(key="confirm").click().run()

    [error] = app.error
    assert "the key has no scope 'edit', only read" in said(error)
    assert Client(guarded.url, key).datasets(project="mine")


def test_a_key_that_only_reads_is_offered_no_change_of_alerts_and_datasets(
    guarded: Guarded,
) -> None:
    Client(guarded.url, ADMIN).save_alert_rule({"id": "r", "project": "mine"})
    for scopes, offered in ((("read",), False), (("read", "edit"), True)):
        key = guarded.make(*scopes)
        app = page(guarded.url, "alerts", api_key=key, project="mine", alert="r")
        changes = {"alert-new", "alert-edit", "alert-pause", "alert-delete"}
        assert (changes <= {one.key for one in app.button}) is offered
        assert bool(changes & {one.key for one in app.button}) is offered
        place = {"project": "mine", "dataset": "mine-set"}
        app = page(guarded.url, "datasets", api_key=key, **place)
        assert ("edit-rows" in {one.key for one in app.button}) is offered
        app = page(guarded.url, "alerts", api_key=key, project="mine", alert="new")
        assert ("alert-save" in {one.key for one in app.button}) is offered


def test_a_key_of_one_project_shows_only_that(guarded: Guarded) -> None:
    key = guarded.make("read", project="mine")
    app = page(guarded.url, "datasets", api_key=key)
    assert [row["name"]["text"] for row in rows(app, "datasets")] == ["mine-set"]


def test_a_revoked_key_is_said_so(guarded: Guarded) -> None:
    key = guarded.make("read")
    guarded.call(ADMIN, "DELETE", f"/api/v1/keys/{key.split('_')[1]}")
    app = page(guarded.url, api_key=key)
    [error] = app.error
    assert "the key is revoked" in said(error)


def test_a_key_that_only_reads_is_offered_no_replay_and_no_correction(
    guarded: Guarded,
) -> None:
    call = span({"gen_ai.operation.name": "chat", "tracer.input": '"?"'})
    guarded.call(ADMIN, "POST", "/v1/traces", trace_request(call, project="mine"))
    trace_id, span_id = call.trace_id.hex(), call.span_id.hex()
    about = {"trace_id": trace_id, "span_id": span_id}
    score = Client(guarded.url, ADMIN).add_score("good", 1, project="mine", **about)
    shown = {"trace": trace_id, "look": "scores"}
    for scopes, offered in ((("read",), False), (("read", "edit"), True)):
        app = page(guarded.url, "traces", api_key=guarded.make(*scopes), **shown)
        app.session_state[f"score-chosen-{span_id}"] = score["score_id"]
        app.run()
        keys = {button.key for button in app.button}
        assert (f"edit-{score['score_id']}-save" in keys) is offered
        looks = app.segmented_control(key="look-scores").options
        assert (text("step.looks.replay") in looks) is offered

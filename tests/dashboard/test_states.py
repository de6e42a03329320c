"""Pages with nothing to show teach, offer a period that has something, or a retry."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from dashboard_pages import components, page, said
from processes import CollectorProcess, start_collector

import tracer
from tracer.client import Client


def test_every_page_without_anything_in_its_period_offers_one_that_has(
    collector: CollectorProcess, told: str
) -> None:
    for name in ("overview", "traces", "evaluations", "trends"):
        app = page(collector, name, project=told, range="custom")
        app.datetime_input(key="since").set_value(
            datetime.fromisoformat("2020-01-01")
        ).run()
        app.datetime_input(key="until").set_value(
            datetime.fromisoformat("2020-01-02")
        ).run()

        app.button(key="widen").click().run()

        assert app.query_params["range"] == "1h"
        assert len(components(app)) > 0, name


def test_a_project_of_evaluations_alone_is_not_told_to_look_further_back(
    collector: CollectorProcess,
) -> None:
    tracer.configure(endpoint=collector.url, project="evaluated only")
    with tracer.EvaluationLogger(name="faq", model="m") as log:
        log.log_prediction({"question": "환불?"}, "7일").finish()
    tracer.flush()

    for name, names in (("overview", "evaluation runs"), ("traces", "Traffic")):
        app = page(collector, name, project="evaluated only")

        assert names in said(app.info[0])
        assert "widen" not in {button.key for button in app.button}


def test_a_store_without_any_call_teaches_how_to_send_the_first(tmp_path: Path) -> None:
    with start_collector(tmp_path) as empty:
        app = page(empty)

    shown = "".join(code.value for code in app.code)
    assert f'endpoint="{empty.url}"' in shown
    assert f"OTEL_EXPORTER_OTLP_ENDPOINT={empty.url}" in shown


@pytest.mark.parametrize(
    "name", ["overview", "datasets", "jobs", "judges", "alerts", "review"]
)
def test_examples_to_paste_are_about_the_project_that_is_chosen(
    collector: CollectorProcess, name: str
) -> None:
    shown = [code.value for code in page(collector, name, project="새 앱").code]
    examples = [one for one in shown if "project" in one or "SERVICE_NAME" in one]
    assert examples
    for example in examples:
        assert '"새 앱"' in example or "OTEL_SERVICE_NAME='새 앱'" in example
        assert "my-app" not in example


def test_a_collector_that_is_away_is_said_so_with_a_way_to_retry() -> None:
    app = page("http://127.0.0.1:9")

    [error] = app.error
    assert "http://127.0.0.1:9" in said(error)
    assert app.button(key="retry")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("traces", "trace"),
        ("sessions", "session"),
        ("datasets", "dataset"),
        ("evaluations", "evaluation"),
        ("judges", "judge"),
        ("jobs", "job"),
        ("alerts", "alert"),
        ("review", "queue"),
    ],
)
def test_what_the_address_names_and_is_not_stored_is_said_with_a_way_on(
    collector: CollectorProcess, told: str, name: str, what: str
) -> None:
    gone = "0" * 31 + "9"
    app = page(collector, name, project=told, **{what: gone})

    assert gone in said(app.warning[0])
    [way_on] = [button for button in app.button if button.label.startswith("All ")]
    way_on.click().run()

    assert what not in app.query_params
    assert not any(gone in said(one) for one in app.warning)


def test_a_trace_id_that_was_cut_short_is_of_no_trace(
    collector: CollectorProcess, told: str
) -> None:
    """The collector's refusal stood there, with a retry that could not help."""
    app = page(collector, "traces", project=told, trace="deadbeef")

    assert "deadbeef" in said(app.warning[0])
    assert not app.error
    app.button(key="leave-trace").click().run()
    assert "trace" not in app.query_params


def test_a_project_without_calls_is_not_said_to_be_an_empty_store(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "traces", project=f"{told}-misspelled")

    assert any(f"{told}-misspelled" in said(one) for one in app.markdown)
    app.button(key="leave-project").click().run()
    assert "project" not in app.query_params
    assert not app.code


def test_an_address_of_no_page_is_said_to_be_on_the_start_page(
    collector: CollectorProcess,
) -> None:
    app = page(collector, no_page="trases")

    assert "/trases" in said(app.warning[0])


def test_a_project_that_only_keeps_a_judge_can_be_chosen(
    collector: CollectorProcess, project: str
) -> None:
    definition = {"kind": "rubric", "rubric": "style", "model": "m"}
    Client(collector.url).save_judge("style", definition, project=project)
    app = page(collector, "judges")

    assert project in app.selectbox[0].options


def test_a_retry_reads_again_once_the_collector_is_back(tmp_path: Path) -> None:
    with start_collector(tmp_path) as gone:
        url = gone.url
    app = page(url)
    assert app.error
    with start_collector(tmp_path, port=urlsplit(url).port):
        app.button(key="retry").click().run()

    assert not app.error
    assert app.header[0].value == "Overview"

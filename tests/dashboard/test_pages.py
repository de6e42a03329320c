"""Every page, run over a real collector that a real SDK has sent to."""

import uuid
from pathlib import Path
from typing import Any

from dashboard_pages import components, page, rows, said, send, tell_story
from otlp_requests import span
from processes import CollectorProcess
from streamlit.testing.v1 import AppTest

from dashboard.texts import text
from tracer.client import Client


def failing_trace(collector: CollectorProcess, project: str) -> str:
    client = Client(collector.url, "")
    found = client.traces(project=project, where=[("status", "=", "error")])
    return str(found[0]["trace_id"])


def test_overview_counts_calls_and_shows_why_the_newest_failed(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, project=told)

    tiles = {tile["label"]: tile["value"] for tile in components(app)["tiles"]["tiles"]}
    assert tiles["Calls"] == "13"
    assert tiles["Error rate"] == "7.7%"
    [failed] = rows(app, "errors")
    assert failed["message"]["text"] == "order service did not answer in 2 s"


def test_overview_sums_up_by_model(collector: CollectorProcess, told: str) -> None:
    app = page(collector, project=told)

    [model] = rows(app, "groups")
    assert model["group"]["text"] == "test-model"
    assert model["tokens"] == "1.56k"


def test_overview_sums_up_by_whatever_the_address_says(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, project=told, by="user_id", of="errors")

    users = {row["group"]["text"]: row["calls"]["text"] for row in rows(app, "groups")}
    assert users == {"user-0": "4", "user-1": "4", "user-2": "4", "(none)": "1"}
    given = page(collector, "trends", project=told, by="source", lang="ko")
    assert trend(given, "correct")[0]["series"]["text"] == "코드"
    app.segmented_control(key="by-user_id").set_value("environment").run()
    assert app.query_params["by"] == "environment"
    [environment] = rows(app, "groups")
    assert environment["calls"]["text"] == "13"


def test_every_number_of_the_overview_leads_to_its_traces(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, project=told, range="24h")

    links = {tile["label"]: tile["href"] for tile in components(app)["tiles"]["tiles"]}
    within = f"traces?project={told}&range=24h"
    assert links["Calls"] == within
    assert links["Error rate"] == f"{within}&status=error"
    assert links["Cost"] == f"{within}&order=-cost_usd"
    assert links["Latency p95"].startswith(f"{within}&filter=duration_ms+%3E%3D+")


def test_overview_has_a_tile_for_each_score_of_production(
    collector: CollectorProcess, project: str
) -> None:
    client = Client(collector.url, "")
    tell_story(collector, project)
    [one, *_] = client.traces(project=project, limit=1)
    client.add_score("helpful", True, project=project, trace_id=one["trace_id"])
    app = page(collector, project=project)

    [tile] = components(app)["score-tiles"]["tiles"]
    assert (tile["label"], tile["value"]) == ("helpful", "100%")
    assert tile["note"] == "95% 20.7% – 100% · n 1"
    assert "score.helpful+exists" in tile["href"]


def test_traces_are_listed_newest_first_with_korean_intact(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "traces", project=told)

    listed = rows(app, "traces-wide")
    assert len(listed) == 13
    assert listed[0]["input"]["text"] == "Why does it fail?"
    assert any(row["input"]["text"].startswith("환불은 어떻게") for row in listed)


def test_filters_of_the_address_reach_the_list(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "traces", project=told)
    app.multiselect(key="filter").set_value(["user = user-1"]).run()
    by_user = len(rows(app, "traces-wide"))
    app.text_input(key="q").set_value("환불").run()

    assert by_user == 4
    assert len(rows(app, "traces-wide")) == 1


def test_a_filter_that_is_none_is_said_to_be_searched_as_text(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "traces", project=told)
    app.multiselect(key="filter").set_value(["parcel ~~ 3"]).run()

    [caption] = [said(one) for one in app.caption if "searched" in one.value]
    assert "parcel ~~ 3" in caption


def test_a_search_without_match_says_so(collector: CollectorProcess, told: str) -> None:
    app = page(collector, "traces", project=told)
    app.text_input(key="q").set_value("no such words").run()

    assert [info.value for info in app.info] == [text("traces.none_match")]


def test_a_filter_that_the_collector_refuses_is_explained(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "traces", project=told)
    app.multiselect(key="filter").set_value(["trace_id = 12"]).run()

    [error] = app.error
    assert "trace_id has 32 hex digits" in said(error)
    assert app.button(key="retry")


def test_an_open_trace_begins_at_the_step_that_failed(
    collector: CollectorProcess, told: str
) -> None:
    trace_id = failing_trace(collector, told)
    app = page(collector, "traces", project=told, trace=trace_id)

    steps = components(app)[f"steps-{trace_id}"]
    assert sorted(steps["names"]) == ["answer", "chat test-model", "lookup"]
    assert steps["names"][steps["ids"].index(steps["selected"])] == "lookup"
    assert app.code[0].value == "order service did not answer in 2 s"


def test_a_request_of_a_web_framework_opens_at_the_first_step_that_says_anything(
    collector: CollectorProcess, project: str
) -> None:
    request = span({"http.route": "/answer"})
    below = {"trace_id": request.trace_id, "parent_span_id": request.span_id}
    middleware = span({}, **below)
    app_span = span({"tracer.input": '"환불?"'}, **below)
    send(collector, request, middleware, app_span, project=project)
    trace_id = request.trace_id.hex()

    shown = components(page(collector, "traces", project=project, trace=trace_id))
    assert shown[f"steps-{trace_id}"]["selected"] == app_span.span_id.hex()
    assert f"said-{app_span.span_id.hex()}" in shown
    asked = {"project": project, "trace": trace_id, "span": request.span_id.hex()}
    assert f"said-{app_span.span_id.hex()}" not in components(
        page(collector, "traces", **asked)
    )


def test_a_model_call_is_shown_as_a_conversation(
    collector: CollectorProcess, told: str
) -> None:
    trace_id = failing_trace(collector, told)
    spans = Client(collector.url, "").trace(trace_id).spans
    call = next(span["span_id"] for span in spans if span["kind"] == "llm")
    app = page(collector, "traces", project=told, trace=trace_id, span=call)

    said = components(app)[f"said-{call}"]["messages"]
    assert [message["role"] for message in said] == ["user", "assistant"]
    assert said[1]["parts"][0]["text"] == "Look under Orders."


def test_a_trace_that_is_not_stored_is_said_to_be_missing(
    collector: CollectorProcess, told: str
) -> None:
    trace_id = uuid.uuid4().hex  # of no other test in this collector
    app = page(collector, "traces", project=told, trace=trace_id)

    assert trace_id in said(app.warning[0])
    run = page(collector, "evaluations", project=told, evaluation="never-run")
    assert "never-run" in said(run.warning[0])
    assert "GET" not in said(run.warning[0])


def test_a_persons_score_is_stored_beside_the_others(
    collector: CollectorProcess, told: str
) -> None:
    client = Client(collector.url, "")
    trace_id = failing_trace(collector, told)
    root = client.trace(trace_id).spans[0]["span_id"]
    of_code = {"trace_id": trace_id, "span_id": root, "source": "code"}
    client.add_score("polite", False, project=told, **of_code)
    app = page(collector, "traces", project=told, trace=trace_id, span=root)
    app.button(key=f"score-{root}-save").click().run()

    stored = {row["source"]: row["value"] for row in client.trace(trace_id).scores}
    assert stored == {"code": 0.0, "human": 1.0}


def test_trends_show_each_score_with_its_n(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "trends", project=told)

    points = trend(app, "correct")
    assert [(point["mean"], point["n"], point["clusters"]) for point in points] == [
        ("58.3%", "24", "6")
    ]


def test_trends_of_production_leave_scores_of_runs_out(
    collector: CollectorProcess, project: str
) -> None:
    client = Client(collector.url, "")
    client.add_score("helpful", True, project=project, trace_id="1" * 32)
    of_run = {"evaluation_id": "run", "example_id": "1", "trial": 0}
    client.add_score("correct", True, project=project, source="code", **of_run)

    def shown(origin: str) -> set[str]:
        app = page(collector, "trends", project=project, origin=origin)
        return {str(data.get("label")) for data in components(app).values()}

    assert {"correct", "helpful"} <= shown("all")
    assert "correct" not in (calls := shown("production")) and "helpful" in calls
    assert "helpful" not in (runs := shown("evaluation")) and "correct" in runs


def test_a_score_of_any_name_and_size_has_a_trend(
    collector: CollectorProcess, project: str
) -> None:
    client, about = Client(collector.url, ""), {"trace_id": "1" * 32}
    client.add_score("judge__faith", True, project=project, source="code", **about)
    client.add_score("[huge](x)", 1e150, project=project, source="code", **about)
    app = page(collector, "trends", project=project)

    assert [point["mean"] for point in trend(app, "judge__faith")] == ["100%"]
    assert [point["mean"] for point in trend(app, "[huge](x)")] == ["1e+150"]


def test_trends_of_traffic_have_an_interval_where_one_is_estimated(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "trends", project=told, show="traffic")

    [failed] = trend(app, "Error rate")
    assert (failed["mean"], failed["n"]) == ("7.7%", "13")
    assert failed["interval"]["text"].startswith("1.4% – 3")
    [calls] = trend(app, "Calls")
    assert (calls["mean"], calls["interval"]["text"]) == ("13", "–")


def test_trends_are_split_by_what_the_address_says(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "trends", project=told, show="traffic", by="user_id")

    users = {row["series"]["text"]: row["n"] for row in trend(app, "Calls")}
    assert users == {"user-0": "4", "user-1": "4", "user-2": "4", "(none)": "1"}


def trend(app: AppTest, score: str) -> list[dict[str, Any]]:
    """Return the points of one score's table."""
    tables = components(app)
    [key] = [key for key, data in tables.items() if data.get("label") == score]
    return rows(app, key)


def test_the_interface_speaks_the_language_of_the_address(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, project=told, lang="ko")

    assert app.header[0].value == "개요"
    assert components(app)["tiles"]["tiles"][0]["label"] == "호출"
    app.segmented_control(key="lang-ko").set_value("en").run()
    assert app.header[0].value == "Overview"


def test_the_period_is_named_for_people_and_kept_short_in_the_address(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, project=told)
    app.selectbox(key="range-7d").set_value("30d").run()

    assert app.query_params["range"] == "30d"
    assert app.selectbox(key="range-30d").options[3] == "Last 30 days"


def test_every_page_is_a_script_beside_the_frame() -> None:
    views = Path(__file__).parents[2] / "dashboard" / "views"

    assert {path.stem for path in views.glob("*.py")} == {
        *("__init__", "overview", "traces", "sessions", "datasets", "evaluations"),
        *("trends", "judges", "jobs", "alerts"),
        *("review", "settings"),
    }

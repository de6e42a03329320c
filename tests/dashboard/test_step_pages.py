"""One step of a trace, looked at in every way there is."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from dashboard_pages import components, page, rows, said
from processes import CollectorProcess
from streamlit.testing.v1 import AppTest

import tracer
from dashboard.texts import text
from tracer import semconv
from tracer.client import Client

OTHER = "0" * 31 + "1"


def say(question: str, answer: str, *, temperature: float) -> str:
    """Record a model call; return its span's id."""
    with tracer.span("chat test-model", kind="llm") as span:
        span.set_attribute(semconv.REQUEST_MODEL, "test-model")
        span.set_attribute(semconv.REQUEST_TEMPERATURE, temperature)
        span.set_attribute(semconv.USAGE_INPUT_TOKENS, 100)
        for role, key, said in (
            ("user", semconv.INPUT_MESSAGES, question),
            ("assistant", semconv.OUTPUT_MESSAGES, answer),
        ):
            parts = [{"type": "text", "content": said}]
            span.set_content(key, json.dumps([{"role": role, "parts": parts}]))
        span.add_event("cache.miss", {"key": "환불"})
        return span.span_id


@pytest.fixture
def told(live: Client, project: str) -> dict[str, str]:
    """A trace of two model calls: ids of the trace and of both."""
    with (
        tracer.using(user_id="u-1", session_id="s-1"),
        tracer.span("agent", kind="agent") as root,
    ):
        first = say("Where?", "Under Orders.", temperature=0.5)
        second = say("Where?", "In your mail.", temperature=1.0)
    tracer.flush()
    return {"trace": root.trace_id, "first": first, "second": second}


def step(collector: CollectorProcess, told: dict[str, str], look: str) -> AppTest:
    return page(collector, "traces", **address_of(told, look))


def address_of(told: dict[str, str], look: str) -> dict[str, str]:
    return {"trace": told["trace"], "span": told["first"], "look": look}


def test_only_the_look_that_is_chosen_is_sent(
    collector: CollectorProcess, told: dict[str, str]
) -> None:
    shown = components(step(collector, told, "events"))

    assert f"events-{told['first']}" in shown
    assert f"said-{told['first']}" not in shown
    assert "Under Orders." not in json.dumps(shown[f"steps-{told['trace']}"])


def test_attributes_are_searched_by_name_and_value(
    collector: CollectorProcess, told: dict[str, str]
) -> None:
    app = step(collector, told, "attributes")
    table = f"attributes-{told['first']}"
    assert len(rows(app, table)) > 5
    app.text_input(key=f"find-{told['first']}").set_value("request temp").run()
    [row] = rows(app, table)
    assert (row["name"]["text"], row["value"]["text"]) == (
        "gen_ai.request.temperature",
        "0.5",
    )
    app.text_input(key=f"find-{told['first']}").set_value("no such").run()
    assert text("step.no_attribute") in [caption.value for caption in app.caption]


def test_a_score_is_corrected_by_a_new_version_and_taken_back(
    collector: CollectorProcess, told: dict[str, str], project: str
) -> None:
    client = Client(collector.url, "")
    about = {"trace_id": told["trace"], "span_id": told["first"]}
    score = client.add_score(
        "tone", 3, project=project, source="code", author="scorer@1", **about
    )
    app = step(collector, told, "scores")
    app.session_state[f"score-chosen-{told['first']}"] = score["score_id"]
    app.run()
    key = f"edit-{score['score_id']}"
    assert app.button(key=f"{key}-save").disabled
    app.number_input(key=f"{key}-number").set_value(5.0).run()
    app.text_input(key=f"{key}-why").set_value("공손함").run()
    app.button(key=f"{key}-save").click().run()

    [now] = client.trace(told["trace"]).scores
    assert (now["value"], now["explanation"]) == (5.0, "공손함")
    assert (now["source"], now["author"]) == ("code", "scorer@1")
    assert [row["value"]["text"] for row in rows(app, f"{key}-versions")] == ["5", "3"]

    app.button(key=f"{key}-delete").click().run()
    app.button(key=f"{key}-keep").click().run()
    assert client.trace(told["trace"]).scores
    app.button(key=f"{key}-delete").click().run()
    app.button(key=f"{key}-sure").click().run()
    assert not client.trace(told["trace"]).scores
    where = [("score_id", "=", score["score_id"])]
    kept = client.scores(project=project, where=where, versions=True, deleted=True)
    assert len(kept) == 3


def test_a_yes_and_a_label_stay_what_they_are_when_they_are_corrected(
    collector: CollectorProcess, told: dict[str, str], project: str
) -> None:
    client = Client(collector.url, "")
    about = {"trace_id": told["trace"], "span_id": told["first"]}
    good = client.add_score("good", True, project=project, **about)
    mood = client.add_score("mood", label="calm", project=project, **about)
    app = step(collector, told, "scores")
    chosen = f"score-chosen-{told['first']}"
    app.session_state[chosen] = good["score_id"]
    app.run()
    key = f"edit-{good['score_id']}"
    app.segmented_control(key=f"{key}-bool").set_value(text("score.fail")).run()
    app.button(key=f"{key}-save").click().run()
    app.session_state[chosen] = mood["score_id"]
    app.run()
    key = f"edit-{mood['score_id']}"
    app.text_input(key=f"{key}-label").set_value("angry").run()
    app.button(key=f"{key}-save").click().run()

    scores = {score["name"]: score for score in client.trace(told["trace"]).scores}
    assert (scores["good"]["type"], scores["good"]["value"]) == ("bool", 0.0)
    assert (scores["mood"]["type"], scores["mood"]["label"]) == ("label", "angry")
    ko = page(collector, "traces", **address_of(told, "scores"), lang="ko")
    given = rows(ko, f"scores-{told['first']}")
    assert {row["source"]["text"].partition(" · ")[0] for row in given} == {"사용자"}


def test_two_steps_are_compared_by_their_measures_settings_and_words(
    collector: CollectorProcess, told: dict[str, str]
) -> None:
    app = step(collector, told, "compare")
    app.selectbox(key=f"compare-here-{told['first']}").set_value(told["second"]).run()

    both = f"{told['first']}-{told['second']}"
    assert app.query_params["against"] == f"{told['trace']}.{told['second']}"
    compared = {row["what"]["text"]: row for row in rows(app, f"compared-{both}")}
    temperature = compared["gen_ai.request.temperature"]
    assert temperature["left"]["text"], temperature["right"]["text"] == ("0.5", "1.0")
    assert "gen_ai.request.model" not in compared
    assert compared["Input tokens"]["left"] == "100"
    diff = components(app)[f"diff-output-{both}"]
    assert diff["pieces"] == [["del", "Under Orders."], ["ins", "In your mail."]]
    assert components(app)[f"diff-input-{both}"]["pieces"] == [
        ["same", "user:\nWhere?"]
    ]
    app.button(key=f"compare-stop-{told['first']}").click().run()
    assert "against" not in app.query_params


def test_a_step_is_compared_by_a_link_and_what_is_none_is_said_to_be_none(
    collector: CollectorProcess, told: dict[str, str]
) -> None:
    app = step(collector, told, "compare")
    box = f"compare-elsewhere-{told['first']}"
    app.text_input(key=box).set_value("nothing").run()
    assert [said(warning) for warning in app.warning] == [
        text("step_compare.no_address")
    ]
    link = f"http://d.test/traces?trace={told['trace']}&span={told['second']}"
    app.text_input(key=box).set_value(link).run()
    assert app.query_params["against"] == f"{told['trace']}.{told['second']}"


def test_a_comparison_with_what_is_not_stored_says_so(
    collector: CollectorProcess, told: dict[str, str]
) -> None:
    app = page(
        collector,
        "traces",
        trace=told["trace"],
        look="compare",
        against=f"{OTHER}.{'1' * 16}",
    )
    assert app.warning


def test_everything_of_a_step_is_there_as_json(
    collector: CollectorProcess, told: dict[str, str]
) -> None:
    app = step(collector, told, "json")

    [code] = app.code
    assert json.loads(code.value)["span_id"] == told["first"]


def test_a_call_is_shown_as_python_and_as_curl(
    collector: CollectorProcess, told: dict[str, str]
) -> None:
    app = step(collector, told, "code")

    python, curl = (code.value for code in app.code)
    compile(python, "shown", "exec")
    assert "temperature=0.5" in python
    assert curl.startswith("curl ")


def test_the_user_and_the_session_of_a_trace_lead_to_their_pages(
    collector: CollectorProcess, told: dict[str, str]
) -> None:
    shown = components(step(collector, told, "said"))[f"head-{told['trace']}"]
    leads: dict[str, Any] = {
        fact["label"]: urlsplit(fact["value"]["href"])
        for fact in shown["facts"]
        if isinstance(fact["value"], dict) and fact["value"].get("href")
    }
    user, session = leads["User"], leads["Session"]
    assert (user.path, session.path) == ("traces", "sessions")
    assert parse_qs(user.query)["filter"] == ["user_id = u-1"]
    assert parse_qs(session.query)["session"] == ["s-1"]


def test_words_within_the_content_of_steps_are_found(
    collector: CollectorProcess, told: dict[str, str]
) -> None:
    app = step(collector, told, "said")
    assert components(app)[f"steps-{told['trace']}"]["found"] is None
    app.session_state["steps-searched"] = (told["trace"], "your mail")
    app.run()

    steps = components(app)[f"steps-{told['trace']}"]
    assert steps["found"] == {
        "query": "your mail",
        "places": [steps["ids"].index(told["second"])],
        "more": False,
    }

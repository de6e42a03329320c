"""Conversations: their list, and one of them turn by turn."""

import pytest
from dashboard_pages import components, page, rows, said
from processes import CollectorProcess

import tracer
from dashboard.texts import text
from tracer.client import Client


@pytest.fixture
def talked(live: Client, project: str) -> str:
    """A project with a conversation of three turns, the second failed, and another."""

    @tracer.trace
    def answer(question: str) -> str:
        if question == "fail":
            raise ValueError("no such order")
        tracer.score("helpful", question == "first")
        return f"said <b>{question}</b>"

    with tracer.using(user_id="u1", session_id="talk/1"):
        answer("first")
        with pytest.raises(ValueError, match="no such order"):
            answer("fail")
        answer("마지막 질문")
    with tracer.using(user_id="u2", session_id="other"):
        answer("alone")
    assert tracer.flush().pending == 0
    return project


def test_sessions_are_listed_with_their_sums_the_latest_active_first(
    collector: CollectorProcess, talked: str
) -> None:
    app = page(collector, "sessions", project=talked)

    other, talk = rows(app, "sessions")
    assert (other["session"]["text"], other["turns"]) == ("other", "1")
    assert talk["user"]["text"] == "u1"
    assert talk["user"]["href"].endswith("&user=u1")
    assert (talk["turns"], talk["errors"]["text"]) == ("3", "1")
    assert talk["scores"]["title"] == "helpful 50.0% (n 2)"
    assert talk["input"]["text"] == "first"


def test_sessions_of_one_user_or_with_some_words_can_be_asked_for(
    collector: CollectorProcess, talked: str
) -> None:
    of_user = page(collector, "sessions", project=talked, user="u2")
    with_words = page(collector, "sessions", project=talked, words="마지막")
    nothing = page(collector, "sessions", project=talked, words="no such words")

    assert len(rows(of_user, "sessions")) == len(rows(with_words, "sessions")) == 1
    assert rows(with_words, "sessions")[0]["user"]["text"] == "u1"
    assert [info.value for info in nothing.info] == [text("sessions.none_match")]


def test_a_session_is_a_conversation_with_its_totals(
    collector: CollectorProcess, talked: str
) -> None:
    app = page(collector, "sessions", project=talked, session="talk/1")

    found = components(app)
    turns = found["turns-1"]["turns"]
    assert [turn["input"] for turn in turns] == ["first", "fail", "마지막 질문"]
    assert turns[0]["output"] == "said <b>first</b>"
    assert (turns[1]["failed"], turns[1]["why"]) == (True, "no such order")
    totals = {fact["label"]: fact["value"] for fact in found["session-talk/1"]["facts"]}
    assert (totals["Turns"], totals["Errors"]["text"]) == ("3", "1")


def test_a_turn_opens_its_trace_beside_the_conversation(
    collector: CollectorProcess, talked: str
) -> None:
    trace_id = Client(collector.url, "").traces(project=talked)[0]["trace_id"]
    app = page(collector, "sessions", project=talked, session="other", trace=trace_id)

    assert f"steps-{trace_id}" in components(app)


def test_long_conversations_come_in_pages(
    collector: CollectorProcess, talked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.data._sessions.TURNS", 2)
    app = page(collector, "sessions", project=talked, session="talk/1")
    app.button(key="later-turns").click().run()
    [last] = components(app)["turns-3"]["turns"]
    assert (last["number"], last["input"]) == (3, "마지막 질문")

    app.button(key="first-turns").click().run()
    assert len(components(app)["turns-1"]["turns"]) == 2


def test_a_session_that_is_not_stored_is_said_to_be_missing(
    collector: CollectorProcess, talked: str
) -> None:
    app = page(collector, "sessions", project=talked, session="never")

    assert "never" in said(app.warning[0])


def test_without_sessions_the_page_teaches_how_to_have_one(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "sessions", project=told)

    assert text("sessions.empty.title") in app.markdown[0].value
    assert "session_id" in app.code[0].value


def test_a_project_that_has_just_begun_is_not_taken_for_all_projects(
    collector: CollectorProcess, told: str, project: str
) -> None:
    app = page(collector, "traces", project=project)

    assert app.selectbox(key=f"project-{project}").value == project
    assert "traces-wide" not in components(app)

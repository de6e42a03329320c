"""The page of annotation queues: what it lists, asks, and says of the answers."""

from typing import Any

import pytest
from dashboard_pages import components, page, rows, tell_story
from processes import CollectorProcess
from streamlit.testing.v1 import AppTest

from dashboard.texts import text
from tracer.client import Client

FORM: list[dict[str, Any]] = [
    {"name": "correct", "kind": "yes_no", "title": {"en": "Correct?", "ko": "맞나요?"}},
    {"name": "tone", "kind": "scale"},
    {"name": "better", "kind": "text", "corrects": True},
]


@pytest.fixture(scope="module")
def told(collector: CollectorProcess) -> str:
    """A project of its own: answers are scores, which other pages count."""
    return tell_story(collector, "a-review")


def make(collector: CollectorProcess, told: str, id: str, **more: Any) -> Client:
    """Make a queue over the story's calls that ended well."""
    client = Client(collector.url)
    source = {"kind": "filter", "where": [["status", "=", "ok"]]}
    queue = {"id": id, "project": told, "form": FORM, "source": source}
    client.save_queue(queue | more)
    client.fill_queue(id, project=told)
    return client


def opened(collector: CollectorProcess, told: str, queue: str, **more: str) -> AppTest:
    return page(collector, "review", project=told, queue=queue, of=told, **more)


def answer(client: Client, told: str, queue: str, author: str, value: bool) -> str:
    """Answer the next item; return its id."""
    item = client.lease_queue_item(queue, author=author, project=told)["item"]
    said = {"correct": value, "tone": 4}
    client.answer_queue_item(queue, item["id"], said, author=author, project=told)
    return str(item["id"])


def test_without_a_queue_the_page_teaches_how_to_make_one(
    collector: CollectorProcess, project: str
) -> None:
    app = page(collector, "review", project=project)
    assert "tracer.Client()" in app.code[0].value
    assert app.button(key="new-queue")


def test_queues_are_listed_with_how_far_they_are(
    collector: CollectorProcess, told: str
) -> None:
    client = make(collector, told, "listed", name="Answers")
    answer(client, told, "listed", "dashboard", True)
    app = page(collector, "review", project=told)
    [row] = [one for one in rows(app, "queues") if one["name"]["text"] == "Answers"]
    assert (row["done"]["text"], row["mine"]) == ("1 / 12", "1")


def test_the_next_item_is_shown_with_its_questions(
    collector: CollectorProcess, told: str
) -> None:
    make(collector, told, "asked")
    app = opened(collector, told, "asked", lang="ko")
    form = components(app)["review-form"]
    assert [field["title"] for field in form["fields"]] == ["맞나요?", "tone", "better"]
    assert form["item"].startswith("asked/")
    said = components(app)["review-said"]["messages"]
    assert said[-1]["parts"][0]["text"] == "Look under Orders."


def test_who_answers_is_in_the_address_where_nobody_signs_in(
    collector: CollectorProcess, told: str
) -> None:
    client = make(collector, told, "named")
    app = opened(collector, told, "named")
    app.text_input(key="as").set_value("영희").run()
    leased = [
        item for item in client.queue_items("named", project=told) if item["leases"]
    ]
    assert {who for item in leased for who in item["leases"]} == {"dashboard", "영희"}


def test_results_tell_how_far_people_agree_and_where_they_do_not(
    collector: CollectorProcess, told: str
) -> None:
    # a name that a column of the table has, too
    form = [*FORM, {"name": "state", "kind": "text"}]
    client = make(collector, told, "apart", annotators=2, form=form)
    for author in ("ann", "ben"):
        for number in range(3):
            answer(client, told, "apart", author, author == "ann" or number > 0)
    app = opened(collector, told, "apart", view="results")
    agreed = {row["field"]["text"]: row for row in rows(app, "agreement")}
    assert agreed["correct"]["exact"].startswith("66.7% [")
    assert agreed["correct"]["n_items"] == "3"
    assert len(rows(app, "answers")) == 3
    app.toggle(key="only-apart").set_value(True).run()
    [row] = rows(app, "answers")
    assert row["answer.correct"]["tone"] == "warn"
    said = row["answer.correct"]["title"].split(" · ")
    assert set(said) == {"ann: yes", "ben: no"}


def test_done_items_go_into_a_dataset(collector: CollectorProcess, told: str) -> None:
    client = make(collector, told, "to-rows")
    answer(client, told, "to-rows", "ann", True)
    app = opened(collector, told, "to-rows", view="results")
    app.button(key="review-to-dataset").click().run()
    [row] = client.dataset("to-rows", project=told).rows
    assert row["metadata"]["review"]["correct"] == {"ann": True}
    assert app.success


def test_a_queue_that_is_done_says_so(collector: CollectorProcess, told: str) -> None:
    client = make(collector, told, "short", source={"kind": "none"})
    app = opened(collector, told, "short")
    assert [info.value for info in app.info] == [text("review.no_items")]
    trace = client.traces(project=told, limit=1)[0]
    client.add_queue_items("short", [{"trace_id": trace["trace_id"]}], project=told)
    answer(client, told, "short", "dashboard", True)
    app = opened(collector, told, "short")
    assert [one.value for one in app.success] == [text("review.all_done")]


def test_a_queue_is_paused_and_filled_again(
    collector: CollectorProcess, told: str
) -> None:
    client = make(collector, told, "paused")
    app = opened(collector, told, "paused")
    app.button(key="queue-pause").click().run()
    assert client.queue("paused", project=told)["state"] == "paused"
    assert text("review.paused") in [info.value for info in app.info]
    app.button(key="queue-fill").click().run()
    assert client.queue("paused", project=told)["n_items"] == 12


def test_answering_and_results_can_be_changed_between_as_often_as_one_likes(
    collector: CollectorProcess, told: str
) -> None:
    client = make(collector, told, "to-and-fro")
    answer(client, told, "to-and-fro", "ann", value=True)

    app = opened(collector, told, "to-and-fro")
    for _ in range(2):
        app.segmented_control(key="view-annotate").set_value("results").run()
        assert "review-said" not in components(app)
        assert components(app)["answers"]
        app.segmented_control(key="view-results").set_value("annotate").run()
        assert "answers" not in components(app)
        assert components(app)["review-said"]


def test_the_answer_to_a_question_can_be_what_a_row_expects(
    collector: CollectorProcess, told: str
) -> None:
    client = make(collector, told, "expecting")
    answer(client, told, "expecting", "ann", value=False)

    app = opened(collector, told, "expecting", view="results", into="judged")
    assert components(app)["answers"]["checkable"]
    app.selectbox(key="expects-correction").set_value("tone").run()
    app.button(key="review-to-dataset").click().run()
    [row] = client.dataset("judged", project=told).rows
    assert (row["expected"], row["metadata"]["review"]["correct"]) == (
        4,
        {"ann": False},
    )


def test_a_queue_that_is_not_there_is_said_to_be_missing(
    collector: CollectorProcess, told: str
) -> None:
    app = opened(collector, told, "never-made")
    (warning,) = app.warning
    assert "made" in warning.value
    assert "GET" not in warning.value


def new_queue() -> None:
    """The dialog that AppTest cannot open, as a page."""
    from datetime import UTC, datetime

    import streamlit as st

    from dashboard.parts.review.edit import _dialog
    from dashboard.scope import Scope
    from dashboard.shaping import windows

    now = datetime.now(UTC)
    window = windows.last("7d", now=now)
    st.session_state["scope"] = Scope(
        st.query_params["project"], window, now, None, None
    )
    _dialog(None)


def test_a_new_queue_is_made_and_filled(collector: CollectorProcess, told: str) -> None:
    app = AppTest.from_function(new_queue, default_timeout=60)
    app.secrets["collector"] = {"url": collector.url, "api_key": ""}
    app.query_params["project"] = told
    app.run()
    app.text_input(key="queue-name").set_value("환불 답변 Review")
    app.multiselect(key="queue-where").set_value(["status = ok"])
    app.button(key="queue-save").click().run()
    assert not app.exception, app.exception
    queue = Client(collector.url).queue("환불-답변-review", project=told)
    assert (queue["name"], queue["n_items"]) == ("환불 답변 Review", 12)
    assert [one["kind"] for one in queue["form"]] == ["yes_no", "scale", "text"]
    assert queue["author"] == "dashboard"


@pytest.mark.parametrize("view", ["annotate", "results"])
def test_every_view_of_a_queue_speaks_korean(
    collector: CollectorProcess, told: str, view: str
) -> None:
    make(collector, told, "korean")
    app = opened(collector, told, "korean", view=view, lang="ko")
    assert not app.exception
    assert not app.error


def queue_checked() -> None:
    """The popover that AppTest cannot open, as a page."""
    import streamlit as st

    from dashboard.parts.review.adding import _form

    trace_ids = st.query_params.get_all("trace")
    _form(st.query_params["project"], trace_ids, lambda: None)


def test_checked_traces_go_into_a_queue(collector: CollectorProcess, told: str) -> None:
    client = Client(collector.url)
    client.save_queue({"id": "by-hand", "project": told, "form": FORM})
    traces = [row["trace_id"] for row in client.traces(project=told, limit=2)]
    app = AppTest.from_function(queue_checked, default_timeout=60)
    app.secrets["collector"] = {"url": collector.url, "api_key": ""}
    app.query_params["project"] = told
    app.query_params["trace"] = traces
    app.run().selectbox(key="queue-checked-into").set_value("by-hand")
    app.button(key="queue-checked-put").click().run()
    items = client.queue_items("by-hand", project=told)
    assert [item["trace_id"] for item in items] == traces

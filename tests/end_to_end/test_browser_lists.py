"""A person watches calls arrive, keeps a view, and reads a conversation."""

import re
import subprocess
import sys

import pytest
from browser import Visit
from playwright.sync_api import expect
from processes import CollectorProcess

from tracer.client import Client

pytestmark = pytest.mark.browser

CALLS = """
import sys
import tracer

url, project, session, *questions = sys.argv[1:]
tracer.configure(endpoint=url, project=project)

@tracer.trace
def answer(question):
    return f"answer to {question}"

with tracer.using(user_id="kim", session_id=session):
    for question in questions:
        answer(question)
assert tracer.flush().pending == 0
"""

HIDE = """Object.defineProperty(
  document, "hidden", { configurable: true, get: () => true })"""


def send(collector: CollectorProcess, project: str, *questions: str) -> None:
    command = [sys.executable, "-c", CALLS, collector.url, project, "talk", *questions]
    subprocess.run(command, check=True, timeout=60)


def test_calls_arrive_by_themselves_while_one_looks_and_stop_when_paused(
    visit: Visit, collector: CollectorProcess, project: str
) -> None:
    send(collector, project, "before")
    visit.open(f"/traces?project={project}&live=1")
    rows = visit.page.get_by_role("row")
    expect(rows).to_have_count(2)
    send(collector, project, "방금 온 질문")

    expect(rows).to_have_count(3)
    expect(visit.page.get_by_text("1 new")).to_be_visible()
    expect(rows.nth(1)).to_have_class(re.compile("fresh"))
    visit.press(visit.page.get_by_role("button", name="Pause"))
    expect(visit.page.get_by_text("held still")).to_be_visible()
    send(collector, project, "later")
    visit.page.wait_for_timeout(2500)  # longer than between two looks
    expect(rows).to_have_count(3)


def test_a_page_that_nobody_sees_asks_for_nothing(
    visit: Visit, collector: CollectorProcess, project: str
) -> None:
    send(collector, project, "before")
    visit.open(f"/traces?project={project}&live=1")
    rows = visit.page.get_by_role("row")
    expect(rows).to_have_count(2)
    visit.page.evaluate(HIDE)
    visit.page.wait_for_timeout(2500)  # a look that was under way ends
    send(collector, project, "unseen")
    visit.page.wait_for_timeout(2500)  # longer than between two looks
    expect(rows).to_have_count(2)

    visit.page.evaluate("delete document.hidden")
    visit.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(rows).to_have_count(3)


def test_keys_lead_through_the_list_wherever_they_are_pressed(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/traces?project={journey}")
    page = visit.page
    page.get_by_role("row").nth(1).wait_for()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.keyboard.press("Tab")
    visit.press(page.get_by_role("heading", name="Traces"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**trace=**")
    first = page.url
    visit.idle()
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first)
    visit.idle()
    page.keyboard.press("Escape")

    page.wait_for_url(lambda url: "trace=" not in url)


def test_an_id_in_the_box_or_in_the_address_opens_its_trace_once(
    visit: Visit, collector: CollectorProcess, journey: str
) -> None:
    trace_id = Client(collector.url, "").traces(project=journey)[2]["trace_id"]
    page = visit.page
    for by_link in (True, False):
        by_box = "" if by_link else f"https://elsewhere/traces?trace={trace_id}"
        visit.open(f"/traces?project={journey}" + (f"&q={trace_id}" if by_link else ""))
        if by_box:
            page.get_by_placeholder("text, trace id or link").fill(by_box)
            page.keyboard.press("Enter")
        page.wait_for_url(f"**trace={trace_id}")
        expect(page.get_by_role("treeitem")).to_have_count(3)
        visit.idle()
        visit.press(page.get_by_role("heading", name="Traces"))
        page.keyboard.press("Escape")
        page.wait_for_url(lambda url: "&trace=" not in url)
        expect(page.get_by_placeholder("text, trace id or link")).to_have_value("")


def test_a_view_is_kept_and_brings_the_page_back_into_its_state(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/traces?project={journey}&filter=user_id+%3D+user-1&cols=name,user")
    page = visit.page
    visit.press(page.get_by_role("button", name="Views"))
    page.get_by_label("Save what is shown as").fill("user one")
    visit.press(page.get_by_role("button", name="Save view"))
    page.wait_for_url("**view=**")

    visit.open(f"/traces?project={journey}")
    expect(page.get_by_role("row")).to_have_count(14)
    visit.press(page.get_by_role("button", name="Views"))
    visit.press(page.get_by_role("button", name="user one"))
    expect(page.get_by_role("row")).to_have_count(5)
    expect(page.get_by_role("columnheader")).to_have_text(["Name", "User"])
    assert "filter=user_id" in page.url


def test_checked_rows_get_a_score_and_are_unchecked(
    visit: Visit, collector: CollectorProcess, project: str
) -> None:
    send(collector, project, "one", "two", "three")
    visit.open(f"/traces?project={project}")
    page = visit.page
    boxes = page.get_by_role("checkbox", name="Check this row")
    boxes.nth(0).click()
    boxes.nth(1).click()
    visit.press(page.get_by_role("button", name="Score 2"))
    page.get_by_role("combobox", name="Score").fill("helpful")
    page.get_by_role("combobox", name="Score").press("Enter")
    visit.press(page.get_by_role("button", name="Score 2 traces"))

    expect(page.get_by_text("“helpful” saved for 2 traces.")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(page.get_by_role("gridcell", name="helpful yes")).to_have_count(2)


def test_a_conversation_is_read_in_order_and_opens_its_traces(
    visit: Visit, collector: CollectorProcess, project: str
) -> None:
    send(collector, project, "first <b>bold</b>", "두 번째 질문")
    visit.open(f"/sessions?project={project}")
    page = visit.page
    visit.press(page.get_by_role("row").nth(1))

    turns = page.get_by_role("article")
    expect(turns).to_have_count(2)
    expect(turns.nth(0)).to_contain_text("answer to first <b>bold</b>")
    expect(turns.nth(1)).to_contain_text("두 번째 질문")
    turns.nth(1).get_by_role("button", name="Open trace").click()
    expect(page.get_by_role("dialog").get_by_role("treeitem")).to_have_count(1)
    assert "session=talk" in page.url
    assert "trace=" in page.url


def test_the_session_and_the_user_of_a_trace_are_a_click_away_and_back_returns(
    visit: Visit, collector: CollectorProcess, project: str
) -> None:
    send(collector, project, "first", "second")
    visit.open(f"/traces?project={project}&cols=name,user,session")
    page = visit.page
    visit.press(page.get_by_role("link", name="talk").first)
    expect(page.get_by_role("article")).to_have_count(2)
    visit.idle()
    page.go_back()

    expect(page.get_by_role("columnheader")).to_have_text(["Name", "User", "Session"])
    visit.press(page.get_by_role("link", name="kim").first)
    expect(page.get_by_text("user_id = kim")).to_be_visible()
    expect(page.get_by_role("columnheader")).to_have_text(["Name", "User", "Session"])


def test_a_second_condition_is_one_step_of_back(visit: Visit, journey: str) -> None:
    first = f"/evaluations?project={journey}&where=model+exists"
    visit.open(first)
    page = visit.page
    box = page.get_by_role("combobox", name="Filter")
    box.fill("dataset missing")
    page.keyboard.press("Enter")
    page.wait_for_url("**where=dataset+missing**")
    visit.idle()
    page.go_back()
    page.wait_for_url(lambda url: "dataset" not in url)
    assert page.url.endswith(first)


def test_keys_lead_from_the_search_to_what_it_found(visit: Visit, journey: str) -> None:
    visit.open(f"/traces?project={journey}")
    page = visit.page
    box = page.get_by_placeholder("text, trace id or link")
    first = page.get_by_role("grid").get_by_role("row").nth(1)
    visit.press(page.get_by_role("heading", name="Traces"))
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("parcel")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=parcel**")
    visit.idle()
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**trace=**")


def test_tab_leaves_a_list_after_what_its_row_holds(visit: Visit, journey: str) -> None:
    visit.open(f"/traces?project={journey}&cols=name,user")
    page = visit.page
    rows = page.get_by_role("grid").get_by_role("row")
    visit.press(page.get_by_role("heading", name="Traces"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("Space")
    expect(rows.nth(2).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("Tab")
    expect(rows.nth(2).get_by_role("link")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("grid").locator(":focus")).to_have_count(0)

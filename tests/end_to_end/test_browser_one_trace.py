"""A person looks for a failing call, finds out why, and holds calls side by side."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from browser import Visit
from openai import OpenAI
from playwright.sync_api import Locator, expect
from processes import CollectorProcess

import tracer
from examples import openai_server
from tracer import semconv

pytestmark = pytest.mark.browser

START_NS = 1_795_000_000_000_000_000
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def talk(collector: CollectorProcess) -> Iterator[dict[str, str]]:
    """Two real calls of a model with a tool, and one call of many kinds of parts."""
    tracer.configure(endpoint=collector.url, project="one-trace")
    with openai_server.running() as base_url:
        client = tracer.wrap_openai(OpenAI(base_url=base_url, api_key="none"))
        with tracer.span("agent", kind="agent") as agent:
            for question in ("Where is my parcel?", "Can I change my address?"):
                asked: Any = [{"role": "user", "content": question}]
                client.chat.completions.create(
                    model="gpt-4o-mini", messages=asked, temperature=0
                )
        with tracer.using(user_id="reader-1"), tracer.span("chat", kind="llm") as parts:
            say_everything(parts)
        tracer.flush()
        yield {"agent": agent.trace_id, "parts": parts.trace_id}
    tracer.shutdown()


def say_everything(span: Any) -> None:
    call = {
        "type": "tool_call",
        "id": "call_1",
        "name": "lookup",
        "arguments": {"n": 1},
    }
    asked = [
        {
            "role": "user",
            "parts": [
                {"type": "text", "content": "긴 글 " * 2_000},
                {"type": "blob", "modality": "image", "content": PNG},
                {"type": "uri", "modality": "image", "uri": "http://192.0.2.1/a.png"},
            ],
        },
        {
            "role": "assistant",
            "parts": [{"type": "reasoning", "content": "think first"}, call],
        },
        {
            "role": "tool",
            "parts": [{"type": "tool_call_response", "id": "call_1", "response": "ok"}],
        },
    ]
    said = [
        {
            "role": "assistant",
            "parts": [{"type": "text", "content": '{"a": [1, true]}'}],
        }
    ]
    span.set_content(semconv.INPUT_MESSAGES, json.dumps(asked))
    span.set_content(semconv.OUTPUT_MESSAGES, json.dumps(said))


def test_a_failing_call_is_found_and_says_why(
    visit: Visit, collector: CollectorProcess, project: str
) -> None:
    trace_id = send_agent(collector.url, project, steps=400, failing=(150, 350))
    visit.open(f"/?project={project}&range=custom&since=2026-11-01T00:00")
    page = visit.page
    visit.open(f"/traces?project={project}&trace={trace_id}&status=error")
    chosen = page.locator("[role=treeitem][aria-selected=true]")
    expect(chosen).to_contain_text("step 350")
    expect(page.get_by_text("rate limited at 350").first).to_be_visible()

    visit.press(page.get_by_role("button", name="Next error"))
    expect(chosen).to_contain_text("step 150")
    expect(page.get_by_text("rate limited at 150").first).to_be_visible()
    assert f"span={150 + 1:016x}" in page.url
    chosen.click()
    page.keyboard.press("e")
    expect(chosen).to_contain_text("step 350")
    visit.press(page.get_by_text("Attributes", exact=True))
    expect(page.get_by_role("grid", name="Attributes")).to_contain_text("retry-after")
    assert "look=attributes" in page.url


def test_steps_are_searched_by_name_and_by_what_they_say(
    visit: Visit, collector: CollectorProcess, project: str
) -> None:
    trace_id = send_agent(collector.url, project, steps=130, failing=())
    visit.open(f"/traces?trace={trace_id}")
    page = visit.page
    steps = page.get_by_role("treeitem")
    steps.first.click()
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="Search steps")
    expect(box).to_be_focused()
    box.fill("step 77")
    expect(page.get_by_text("1 found")).to_be_visible()
    expect(steps).to_have_count(3)  # with the two above it
    page.keyboard.press("Enter")
    chosen = page.locator("[role=treeitem][aria-selected=true]")
    expect(chosen).to_contain_text("step 77")

    box.fill("needle 123")
    expect(page.get_by_text("0 found")).to_be_visible()
    visit.press(page.get_by_role("button", name="Look for these words"))
    expect(page.get_by_text("1 in content")).to_be_visible()
    expect(steps.last).to_contain_text("step 123")
    box.fill("")
    expect(page.get_by_text("found", exact=False)).to_have_count(0)


def test_ten_thousand_steps_are_sent_once_and_drawn_only_where_one_looks(
    visit: Visit, collector: CollectorProcess, project: str
) -> None:
    trace_id = send_agent(collector.url, project, steps=10_000, failing=(9_000,))
    page = visit.page
    sizes: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", count(sizes)))
    visit.open(f"/traces?trace={trace_id}")
    steps = page.get_by_role("treeitem")
    expect(steps.first).to_be_visible()
    assert max(sizes) < 2_000_000
    visit.idle()
    sizes.clear()
    steps.nth(3).click()
    page.keyboard.press("Home")
    chosen = page.locator("[role=treeitem][aria-selected=true]")
    expect(chosen).to_contain_text("agent")
    visit.idle()
    page.wait_for_url("**span=0000000000000001**")
    assert sum(sizes) < 300_000
    page.keyboard.press("End")
    expect(chosen).to_have_attribute("aria-posinset", "10000")
    assert steps.count() < 60
    visit.press(page.get_by_role("button", name="Fold all", exact=True))
    expect(page.locator("[role=treeitem][aria-expanded=false]").first).to_be_visible()


def count(sizes: list[int]) -> Any:
    return lambda frame: sizes.append(len(frame))


def test_a_conversation_folds_shows_pictures_and_leads_from_a_call_to_its_result(
    visit: Visit, talk: dict[str, str]
) -> None:
    visit.open(f"/traces?trace={talk['parts']}")
    log = visit.page.get_by_role("log")
    expect(log.locator("img")).to_have_count(1)
    assert (log.locator("img").get_attribute("src") or "").startswith("data:image/png")
    expect(log).to_contain_text("http://192.0.2.1/a.png")
    expect(log.get_by_text("think first")).to_be_hidden()
    log.get_by_text("Reasoning").click()
    expect(log.get_by_text("think first")).to_be_visible()
    log.get_by_role("button", name="Show all 8,000 characters").click()
    expect(log.get_by_role("button", name="Show less")).to_be_visible()
    log.get_by_role("button", name="to its result").click()
    expect(log.locator(".tool_call_response")).to_be_in_viewport()


def test_two_calls_are_held_side_by_side_and_the_link_shows_the_same(
    visit: Visit, talk: dict[str, str]
) -> None:
    visit.open(f"/traces?trace={talk['agent']}&look=compare")
    page = visit.page
    visit.press(page.get_by_role("treeitem").nth(1))
    visit.press(page.get_by_role("combobox", name="With a step of this trace"))
    visit.press(page.get_by_role("option").first)
    asked = page.get_by_role("region", name="input")
    expect(asked.locator("del")).to_have_text("Where is my parcel?")
    expect(asked.locator("ins")).to_have_text("Can I change my address?")
    visit.press(page.get_by_role("button", name="Side by side").first)
    expect(sides(asked)).to_have_count(2)
    expect(sides(page.get_by_role("region", name="output"))).to_have_count(2)
    assert "against=" in page.url
    visit.open(page.url.removeprefix(visit.base))
    expect(asked.locator("del")).to_have_text("Where is my parcel?")


def test_the_step_that_the_address_names_is_chosen_again_after_back(
    visit: Visit, talk: dict[str, str]
) -> None:
    visit.open(f"/traces?trace={talk['agent']}")
    page = visit.page
    chosen = page.locator("[role=treeitem][aria-selected=true]")
    expect(chosen).to_have_attribute("data-at", "1")  # the first that says anything
    visit.press(page.get_by_role("treeitem").nth(1))
    visit.press(page.get_by_text("Compare", exact=True))
    visit.press(page.get_by_role("combobox", name="With a step of this trace"))
    visit.press(page.get_by_role("option").first)
    for _ in range(2):
        visit.press(page.get_by_role("button", name="Open the other"))
        expect(chosen).to_have_attribute("data-at", "2")
        visit.idle()
        visit.press(page.get_by_role("button", name="Open the other"))
        expect(chosen).to_have_attribute("data-at", "1")
        visit.idle()
    page.go_back()  # one step at a time
    expect(chosen).to_have_attribute("data-at", "2")
    visit.idle()
    page.go_back()
    expect(chosen).to_have_attribute("data-at", "1")


def test_a_trace_leads_to_its_users_calls_and_back_and_closes(
    visit: Visit, talk: dict[str, str]
) -> None:
    visit.open(f"/traces?trace={talk['parts']}")
    page = visit.page
    visit.press(page.get_by_role("link", name="reader-1"))
    expect(page.get_by_role("treeitem")).to_have_count(0)
    expect(page.get_by_text("user_id = reader-1")).to_be_visible()
    assert "filter=user_id" in page.url
    page.go_back()
    expect(page.get_by_role("treeitem")).to_have_count(1)
    visit.idle()
    page.locator(".st-key-close-trace button:visible").first.click()
    expect(page.get_by_role("treeitem")).to_have_count(0)
    assert "trace=" not in page.url


def sides(comparison: Locator) -> Locator:
    return comparison.locator(".side")


def send_agent(url: str, project: str, *, steps: int, failing: tuple[int, ...]) -> str:
    """Send one trace of many steps in a row below an agent, as any exporter would."""
    trace_id = f"{abs(hash((project, steps))) % 16**12:012x}".rjust(32, "a")
    spans = [
        {
            "traceId": trace_id,
            "spanId": f"{number + 1:016x}",
            "parentSpanId": f"{1 if number < 50 else number - 40:016x}"
            if number
            else "",
            "name": f"step {number}" if number else "agent",
            "startTimeUnixNano": str(START_NS + number * 10**6),
            "endTimeUnixNano": str(START_NS + number * 10**6 + 10**6),
            "attributes": [
                text("tracer.input", json.dumps(f"needle {number}; " + "hay " * 100)),
                text("http.response.header.retry-after", "2"),
            ],
            "status": {"code": 2, "message": f"rate limited at {number}"}
            if number in failing
            else {},
        }
        for number in range(steps)
    ]
    resource = {"attributes": [text("tracer.project", project)]}
    body = {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}
    request = urllib.request.Request(
        f"{url}/v1/traces",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200
    return trace_id


def text(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": {"stringValue": value}}

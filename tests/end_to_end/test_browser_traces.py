"""A person looks for a failing call, reads it, filters, and goes back."""

import json
import urllib.request

import pytest
from browser import Visit
from playwright.sync_api import expect
from processes import CollectorProcess

pytestmark = pytest.mark.browser


def test_the_newest_error_opens_at_the_step_that_failed(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/?project={journey}")
    page = visit.page
    visit.press(
        page.get_by_role("grid", name="Newest errors").get_by_role("row").nth(1)
    )

    steps = page.get_by_role("dialog").get_by_role("treeitem")
    expect(steps).to_have_count(3)
    chosen = page.locator("[role=treeitem][aria-selected=true]")
    expect(chosen).to_contain_text("lookup")
    expect(page.get_by_role("dialog")).to_contain_text("did not answer in 2 s")
    assert "trace=" in page.url


def test_arrows_move_through_the_steps_and_fold_them(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/traces?project={journey}")
    page = visit.page
    visit.press(page.get_by_role("row").nth(2))
    steps = page.get_by_role("treeitem")
    steps.first.click()
    page.keyboard.press("ArrowDown")

    chosen = page.locator("[role=treeitem][aria-selected=true]")
    expect(chosen).to_contain_text("chat test-model")
    expect(page.get_by_role("log")).to_contain_text("Look under Orders.")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(steps).to_have_count(1)


def test_quick_arrows_are_not_undone_by_what_the_server_still_draws(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/traces?project={journey}")
    page = visit.page
    visit.press(page.get_by_role("row").nth(2))
    steps = page.get_by_role("treeitem")
    steps.first.click()
    for answers_after_ms in (50, 100, 150, 200, 300, 400, 600):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(100)  # the server is asked after 90
        page.keyboard.press("ArrowUp")
        page.wait_for_timeout(answers_after_ms)
        page.keyboard.press("ArrowLeft")
        expect(steps).to_have_count(1)
        page.keyboard.press("ArrowRight")
        expect(steps).to_have_count(3)


def test_what_a_trace_says_is_shown_as_text_and_fetches_nothing(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/traces?project={journey}&q=onerror")
    page = visit.page
    visit.press(page.get_by_role("row").nth(1))
    visit.press(page.get_by_role("treeitem").nth(1))

    expect(page.get_by_role("log")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("img[src='x']").count() == 0


def test_a_filter_stands_in_the_address_and_back_returns_to_the_trace_before(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/traces?project={journey}&filter=user_id+%3D+user-1")
    page = visit.page
    rows = page.get_by_role("row")
    expect(rows).to_have_count(5)
    rows.nth(1).click()
    page.wait_for_url("**trace=**")
    first = page.url
    visit.idle()
    rows.nth(3).click()
    page.wait_for_url(lambda url: url != first)
    visit.idle()
    page.go_back()

    expect(page.locator("[role=row][aria-selected=true]")).to_have_count(1)
    assert page.url == first
    assert "filter=" in first


def test_three_thousand_steps_are_drawn_only_where_one_looks(
    visit: Visit, collector: CollectorProcess, project: str
) -> None:
    trace_id = "c" * 31 + "1"
    send_long_trace(collector.url, project, trace_id, steps=3000)
    visit.open(f"/traces?trace={trace_id}")
    page = visit.page
    visit.press(page.get_by_role("treeitem").first)
    page.keyboard.press("End")

    chosen = page.locator("[role=treeitem][aria-selected=true]")
    expect(chosen).to_contain_text("step 2999")
    assert page.get_by_role("treeitem").count() < 60


def send_long_trace(url: str, project: str, trace_id: str, *, steps: int) -> None:
    """Send one trace of many steps, each below the first, as any exporter would."""
    start = 1_795_000_000_000_000_000
    spans = [
        {
            "traceId": trace_id,
            "spanId": f"{number + 1:016x}",
            "parentSpanId": f"{1:016x}" if number else "",
            "name": f"step {number}",
            "startTimeUnixNano": str(start + number * 10**6),
            "endTimeUnixNano": str(start + number * 10**6 + 10**6),
        }
        for number in range(steps)
    ]
    named = {"key": "tracer.project", "value": {"stringValue": project}}
    resource = {"attributes": [named]}
    body = {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}
    request = urllib.request.Request(
        f"{url}/v1/traces",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200

"""A person looks how it goes, follows a number to its traces, and has it watched."""

import re

import pytest
from browser import Visit
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_number_of_the_overview_leads_to_the_traces_that_it_comes_from(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/?project={journey}")
    page = visit.page
    visit.press(page.get_by_role("list", name="Overview").get_by_role("link").nth(1))
    page.wait_for_url("**/traces?**status=error**")
    visit.idle()
    expect(page.get_by_role("row")).to_have_count(2)
    page.go_back()
    visit.idle()
    groups = page.get_by_role("grid", name="By Model")
    groups.get_by_role("row").nth(1).click()
    page.wait_for_url("**/traces?**filter=model**")
    visit.idle()
    expect(page.get_by_role("row")).to_have_count(14)


def test_the_number_of_a_reason_leads_to_all_that_failed_for_it(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/?project={journey}")
    page = visit.page
    errors = page.get_by_role("grid", name="Newest errors")
    errors.get_by_role("button").first.click()
    page.wait_for_url("**/traces?**status_message**")
    visit.idle()
    expect(page.get_by_role("row")).to_have_count(2)


def test_an_alert_is_made_with_its_preview_paused_and_deleted(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/alerts?project={journey}")
    page = visit.page
    visit.press(page.get_by_role("button", name="New alert"))
    page.get_by_label("Name", exact=True).fill("too many errors")
    expect(page.get_by_text("Nothing to judge in the last 30 days")).to_be_visible()
    visit.press(page.get_by_role("button", name="Save"))
    row = page.get_by_role("grid", name="Alerts").get_by_role("row").nth(1)
    expect(row).to_contain_text("too many errors")
    expect(row).to_contain_text("error rate of an hour above 5.0%")
    visit.press(page.get_by_role("button", name="Pause"))
    expect(row).to_contain_text("paused")
    visit.press(page.get_by_role("button", name="Delete"))
    visit.press(page.get_by_role("button", name="Delete it"))
    expect(page.get_by_text("Nothing is watched yet")).to_be_visible()


def test_trends_of_traffic_are_drawn_by_what_the_address_says(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/trends?project={journey}&show=traffic&by=model&per=hour")
    page = visit.page
    expect(page.get_by_text("Latency p95", exact=True)).to_be_visible()
    expect(page.locator("canvas, svg.marks").nth(5)).to_be_attached()


@pytest.mark.parametrize(
    ("language", "month"),
    [("ko", "월"), ("en", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec")],
)
def test_tables_write_dates_in_the_language_of_the_page(
    visit: Visit, journey: str, language: str, month: str
) -> None:
    visit.open(f"/traces?project={journey}&lang={language}")
    first = visit.page.get_by_role("grid").get_by_role("row").nth(1)
    expect(first).to_contain_text(re.compile(month))

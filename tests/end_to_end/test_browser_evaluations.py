"""A person reads a run, opens a cell, and compares two runs."""

import pytest
from browser import Visit
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_cell_of_a_run_opens_the_trace_of_its_trial(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/evaluations?project={journey}")
    page = visit.page
    page.get_by_role("row").filter(has_text="before").first.click()
    grid = page.get_by_role("grid", name="Examples by trials")
    expect(grid.get_by_role("row")).to_have_count(7)
    grid.get_by_role("button", name="✗").or_(grid.locator("button.score")).first.click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("treeitem").first).to_contain_text("prediction")
    expect(dialog.get_by_role("log")).to_contain_text("expected")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_call_attached_to_a_prediction_opens_from_its_trace(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/evaluations?project={journey}")
    page = visit.page
    page.get_by_role("row").filter(has_text="after").first.click()
    grid = page.get_by_role("grid", name="Examples by trials")
    expect(grid.get_by_role("row")).to_have_count(7)
    grid.get_by_role("row").filter(has_text=" 0").locator("button.score").first.click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("treeitem").first).to_contain_text("prediction")
    dialog.get_by_role("tab", name="Links 1").click()
    dialog.get_by_role("grid", name="Links").get_by_role("row").nth(1).click()
    expect(dialog.get_by_role("treeitem").first).to_contain_text("answer")


def test_two_checked_runs_are_compared_with_the_older_as_baseline(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/evaluations?project={journey}")
    page = visit.page
    for number in (1, 2):
        page.get_by_role("row").nth(number).get_by_role("checkbox").check()
    page.get_by_role("button", name="Compare the two checked").click()

    compared = page.get_by_role("grid", name="Scores")
    row = compared.get_by_role("row").filter(has_text="correct")
    expect(row).to_contain_text("+33.3 pp [−9.5, +76.2]")
    expect(row).to_contain_text("41.7%")
    examples = page.get_by_role("grid", name="By example")
    expect(examples.get_by_role("row")).to_have_count(7)

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
    visit.press(page.get_by_role("row").filter(has_text="before").first)
    grid = page.get_by_role("grid", name="Examples by trials")
    expect(grid.get_by_role("row")).to_have_count(7)
    grid.get_by_role("button", name="no: ").first.click()  # as it is heard

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
    visit.press(page.get_by_role("row").filter(has_text="after").first)
    grid = page.get_by_role("grid", name="Examples by trials")
    expect(grid.get_by_role("row")).to_have_count(7)
    grid.get_by_role("row").filter(has_text=" 0").locator("button.score").first.click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("treeitem").first).to_contain_text("prediction")
    visit.press(dialog.get_by_role("radio", name="Links 1"))
    visit.press(dialog.get_by_role("grid", name="Links").get_by_role("row").nth(1))
    expect(dialog.get_by_role("treeitem").first).to_contain_text("answer")


def test_two_checked_runs_are_compared_with_the_older_as_baseline(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/evaluations?project={journey}")
    page = visit.page
    for number in (1, 2):
        page.get_by_role("row").nth(number).get_by_role("checkbox").check()
    visit.press(page.get_by_role("button", name="Compare the checked"))

    compared = page.get_by_role("grid", name="Scores")
    row = compared.get_by_role("row").filter(has_text="correct")
    expect(row).to_contain_text("+33.3 pp [−9.5, +76.2]")
    expect(row).to_contain_text("41.7%")
    examples = page.get_by_role("grid", name="By example")
    expect(examples.get_by_role("row")).to_have_count(7)


def test_two_runs_are_compared_down_to_the_words_that_differ_and_decided_by_a_gate(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/evaluations?project={journey}")
    page = visit.page
    for number in (1, 2):
        page.get_by_role("row").nth(number).get_by_role("checkbox").check()
    visit.press(page.get_by_role("button", name="Compare the checked"))
    examples = page.get_by_role("grid", name="By example")
    visit.press(page.get_by_role("radio", name="Better 3"))
    expect(examples.get_by_role("row")).to_have_count(4)
    examples.get_by_role("row").nth(1).click()

    dialog = page.get_by_role("dialog")
    said = dialog.get_by_role("region", name="What both said")
    expect(said.locator("del")).to_have_text("no")
    expect(said.locator("ins")).to_have_text("yes")
    expect(dialog.get_by_role("button", name="Previous")).to_be_disabled()
    visit.press(dialog.get_by_role("button", name="Next"))
    expect(dialog.get_by_role("button", name="Previous")).to_be_enabled()
    visit.press(dialog.get_by_role("grid").locator("button.score").first)
    expect(dialog.get_by_role("treeitem").first).to_contain_text("prediction")
    page.keyboard.press("Escape")
    expect(said).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    visit.press(page.get_by_role("radio", name="As a gate"))
    expect(page.get_by_test_id("stCode")).to_contain_text(
        "--require 'correct >= -0.02'"
    )


def test_the_runs_of_a_page_that_is_being_read_have_a_place(
    visit: Visit, journey: str
) -> None:
    page = visit.page
    page.goto(f"{visit.base}/evaluations?project={journey}")
    page.get_by_test_id("stSkeleton").first.wait_for(state="attached")
    visit.idle()

    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_role("grid", name="Evaluation runs")).to_be_visible()

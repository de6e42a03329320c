"""A person picks traces, maps them to columns, and corrects a row of what was saved."""

from pathlib import Path

import pytest
from browser import Visit
from playwright.sync_api import Locator, expect
from processes import CollectorProcess

from tracer import Client

pytestmark = pytest.mark.browser

ROW_PX = 34


def test_picked_traces_are_mapped_saved_edited_and_compared(
    visit: Visit, journey: str, collector: CollectorProcess
) -> None:
    page = visit.page
    dialog = _dialog_over_three_traces(visit, journey)
    dialog.get_by_role("combobox", name="Dataset").fill("mapped")
    page.keyboard.press("Enter")
    visit.idle()
    visit.press(dialog.get_by_text("Names of the inputs"))
    dialog.get_by_role("textbox", name="input.question").fill("asked")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("columnheader", name="asked")).to_be_visible()
    visit.press(dialog.get_by_role("combobox", name="Expected from"))
    visit.press(page.get_by_role("option", name="output", exact=True))
    visit.idle()
    visit.press(dialog.get_by_role("button", name="Add 3 rows"))
    expect(page.get_by_text("3 rows added to mapped")).to_be_visible()

    client = Client(collector.url, "")
    first = client.dataset("mapped", project=journey)
    assert all(row["expected"] == "Look under Orders." for row in first.rows)
    assert all(row["inputs"].keys() == {"asked"} for row in first.rows)
    href = page.get_by_role("link", name="mapped").get_attribute("href")
    visit.open("/" + str(href))
    asked = first.rows[0]["inputs"]["asked"]
    _edit_first_cell(visit, f"{asked} Now!")
    visit.press(page.get_by_role("button", name="Save 1 row as a new version"))
    expect(page.get_by_text("Saved as version")).to_be_visible()

    versions = client.dataset_versions("mapped", project=journey)
    assert [row["note"] for row in versions] == ["say now", "3 rows from traces"]
    visit.press(page.get_by_text("Versions", exact=True))
    listed = page.get_by_role("grid", name="Versions of the dataset")
    expect(listed.get_by_role("row")).to_have_count(3)
    card = page.get_by_role("list", name="What changed").get_by_role("listitem")
    expect(card).to_have_count(1)
    expect(card.locator("ins")).to_have_text(" Now!")


def _dialog_over_three_traces(visit: Visit, journey: str) -> Locator:
    visit.open(f"/traces?project={journey}&status=ok")
    page = visit.page
    for number in (1, 2, 3):
        page.get_by_role("row").nth(number).get_by_role("checkbox").check()
    visit.press(page.get_by_role("button", name="Add 3 to dataset"))
    return page.get_by_role("dialog")


def _edit_first_cell(visit: Visit, words: str) -> None:
    page = visit.page
    visit.press(page.get_by_role("button", name="Edit rows"))
    visit.idle()
    cells = page.get_by_test_id("stDataFrame").first
    expect(cells).to_be_visible()
    box = cells.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + 200, box["y"] + ROW_PX * 1.5)
    editor = page.locator("#portal textarea")
    editor.wait_for()
    editor.fill(words)
    page.keyboard.press("Enter")
    visit.idle()
    page.get_by_label("Note").fill("say now")
    page.keyboard.press("Enter")
    visit.idle()


def test_a_spreadsheet_is_uploaded_mapped_and_saved(
    visit: Visit, journey: str, collector: CollectorProcess, tmp_path: Path
) -> None:
    file = tmp_path / "질문.csv"
    lines = ["질문,정답", "환불은 어떻게 받나요?,주문 화면", "배송은요?,이틀", ",없음"]
    file.write_bytes("\n".join(lines).encode("cp949"))
    visit.open(f"/datasets?project={journey}&new=file")
    page = visit.page
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_text("1 of 3 rows cannot be read")).to_be_visible()
    problems = page.get_by_role("grid", name="Lines that cannot be read")
    expect(problems.get_by_role("row").nth(1)).to_contain_text("4")
    visit.press(page.get_by_role("button", name="Save the other 2 rows"))
    expect(page.get_by_text("Saved as version")).to_be_visible()

    stored = Client(collector.url, "").dataset("질문", project=journey).rows
    assert [row["expected"] for row in stored] == ["주문 화면", "이틀"]
    assert stored[0]["source"] == {"file": "질문.csv", "line": 2}

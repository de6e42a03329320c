"""A person makes a dataset from real traffic and finds the way back to it."""

import json

import pytest
from browser import Visit
from playwright.sync_api import expect
from processes import CollectorProcess

from tracer import Client

pytestmark = pytest.mark.browser


def test_checked_traces_become_a_dataset_that_knows_where_they_came_from(
    visit: Visit, journey: str, collector: CollectorProcess
) -> None:
    visit.open(f"/traces?project={journey}&status=ok")
    page = visit.page
    for number in (1, 2):
        page.get_by_role("row").nth(number).get_by_role("checkbox").check()
    visit.press(page.get_by_role("button", name="Add 2 to dataset"))
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Dataset").fill("from-traffic")
    page.keyboard.press("Enter")
    visit.idle()
    visit.press(dialog.get_by_role("button", name="Add 2 rows"))
    expect(page.get_by_text("2 rows added to from-traffic")).to_be_visible()

    dataset = Client(collector.url, "").dataset("from-traffic", project=journey)
    stored = dataset.rows
    assert [row["output"] for row in stored] == ["Look under Orders."] * 2
    assert all(len(row["source"]["trace_id"]) == 32 for row in stored)
    assert dataset.row["author"] == "dashboard"
    href = page.get_by_role("link", name="from-traffic").get_attribute("href")
    visit.open("/" + str(href))
    expect(page.get_by_role("grid").get_by_role("row")).to_have_count(3)


def test_everything_that_matches_is_added_once_for_each_input(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/traces?project={journey}&status=ok")
    page = visit.page
    visit.press(page.get_by_role("button", name="Add all that match"))

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("12 traces of")
    expect(dialog).to_contain_text("4 rows, one for each distinct input")
    expect(dialog.get_by_role("button", name="Add 4 rows")).to_be_visible()


def test_a_dataset_is_downloaded_and_its_row_opens_the_trace(
    visit: Visit, journey: str, collector: CollectorProcess
) -> None:
    client = Client(collector.url, "")
    trace = client.traces(project=journey, limit=1)[0]
    source = {"trace_id": trace["trace_id"], "span_id": trace["span_id"]}
    row = {"inputs": {"question": "환불?"}, "expected": "네", "source": source}
    client.save_dataset("to-download", [row], project=journey)

    visit.open(f"/datasets?project={journey}&dataset=to-download")
    page = visit.page
    visit.press(page.get_by_role("button", name="Download"))
    with page.expect_download() as download:
        visit.press(page.get_by_role("button", name="JSON lines"))
    page.keyboard.press("Escape")
    [line] = download.value.path().read_text("utf-8").splitlines()
    assert json.loads(line)["inputs"] == {"question": "환불?"}

    visit.press(page.get_by_role("row").nth(1))
    visit.press(page.get_by_role("link", name="Open the trace it came from"))
    expect(page.get_by_role("treeitem").first).to_be_visible()
    assert trace["trace_id"] in page.url


def test_a_dataset_is_deleted_only_after_a_second_look(
    visit: Visit, journey: str, collector: CollectorProcess
) -> None:
    client = Client(collector.url, "")
    client.save_dataset("to-delete", [{"inputs": {"q": "?"}}], project=journey)
    visit.open(f"/datasets?project={journey}&dataset=to-delete")
    page = visit.page
    visit.press(page.get_by_role("button", name="More"))
    visit.press(page.get_by_role("button", name="Delete …"))
    names = {row["name"] for row in client.datasets(project=journey)}
    assert "to-delete" in names

    visit.press(page.get_by_role("button", name="Delete it"))
    expect(page.get_by_text("Dataset deleted.")).to_be_visible()
    names = {row["name"] for row in client.datasets(project=journey)}
    assert "to-delete" not in names

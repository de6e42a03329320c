"""A person answers ten items by the keyboard alone."""

import pytest
from browser import Visit
from playwright.sync_api import Locator, expect
from processes import CollectorProcess

from tracer import Client

pytestmark = pytest.mark.browser

FORM = [
    {"name": "correct", "kind": "yes_no", "title": {"en": "Correct?", "ko": "맞나요?"}},
    {"name": "tone", "kind": "scale"},
    {"name": "topic", "kind": "labels", "labels": ["delivery", "refund", "other"]},
    {"name": "better", "kind": "text", "corrects": True},
]


def queue_of_eleven(client: Client, project: str) -> Client:
    """Make the queue ``by-keys``; return the client."""
    source = {"kind": "filter", "where": [["status", "=", "ok"]]}
    queue = {"id": "by-keys", "project": project, "form": FORM, "source": source}
    client.save_queue(queue)
    client.fill_queue("by-keys", project=project, limit=11)
    return client


def blank(visit: Visit, form: Locator) -> None:
    """Wait for a form that takes keys: none does while the answer before is saved."""
    expect(form.get_by_role("radio", checked=True)).to_have_count(0)
    visit.idle()


def test_ten_items_are_annotated_by_keyboard(
    visit: Visit, journey: str, collector: CollectorProcess
) -> None:
    client = queue_of_eleven(Client(collector.url), journey)
    visit.open(f"/review?project={journey}&queue=by-keys&of={journey}&as=ann")
    page = visit.page
    form = page.get_by_role("form")
    for number in range(1, 11):
        item = page.get_by_role("heading", name=f"Item {number}", exact=True)
        expect(item).to_be_visible()
        blank(visit, form)
        for key in ("n" if number == 3 else "y", "4", "b"):
            page.keyboard.press(key)
        expect(form.get_by_role("radio", checked=True)).to_have_count(3)
        if number == 3:
            page.keyboard.press("t")
            page.keyboard.type("Within 3 days.")
            page.keyboard.press("Control+Enter")
        else:
            page.keyboard.press("Enter")
    expect(page.get_by_text("10 of 11 items done · 10 by ann")).to_be_visible()

    answers = client.queue_answers("by-keys", project=journey)
    given = [one["answer"] for one in answers if one["name"] == "correct"]
    assert (given.count(True), given.count(False)) == (9, 1)
    tones = {one["answer"] for one in answers if one["name"] == "tone"}
    topics = {one["answer"] for one in answers if one["name"] == "topic"}
    assert (tones, topics) == ({4.0}, {"refund"})
    texts = [one["answer"] for one in answers if one["name"] == "better"]
    assert (texts, {one["author"] for one in answers}) == (["Within 3 days."], {"ann"})

    expect(page.get_by_role("heading", name="Item 11", exact=True)).to_be_visible()
    blank(visit, form)
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Item 10", exact=True)).to_be_visible()
    expect(form.get_by_role("radio", checked=True)).to_have_count(3)
    expect(page.get_by_text("9 of 11 items done")).to_be_visible()
    visit.idle()
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Item 11", exact=True)).to_be_visible()


def test_an_item_goes_into_a_dataset_as_it_is_saved(
    visit: Visit, journey: str, collector: CollectorProcess
) -> None:
    client = Client(collector.url)
    source = {"kind": "filter", "where": [["status", "=", "ok"]]}
    queue = {"id": "one-by-one", "project": journey, "form": FORM, "source": source}
    client.save_queue(queue)
    client.fill_queue("one-by-one", project=journey, limit=2)
    visit.open(f"/review?project={journey}&queue=one-by-one&of={journey}&as=ann")
    page = visit.page
    blank(visit, page.get_by_role("form"))
    for key in ("y", "5", "d", "Shift+Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("one-by-one has 1 rows now.")).to_be_visible()
    [row] = client.dataset("one-by-one", project=journey).rows
    assert row["metadata"]["review"]["topic"] == {"ann": "other"}
    blank(visit, page.get_by_role("form"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="New queue")).to_be_visible()

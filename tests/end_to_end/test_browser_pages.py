"""Every page in a browser: nothing asked of other hosts, no error in the console."""

from pathlib import Path

import pytest
from browser import Visit
from playwright.sync_api import Page, expect
from processes import CollectorProcess

from tracer import Client

pytestmark = pytest.mark.browser

VIEWS = Path(__file__).parents[2] / "dashboard" / "views"
PAGES = sorted(path.stem for path in VIEWS.glob("[a-z]*.py"))
SECTIONS = ("projects", "keys", "prices", "judges", "health", "ledger")


@pytest.fixture
def walk(visit: Visit, journey: str, collector: CollectorProcess) -> list[str]:
    """Addresses of every page, and of what opens in them."""
    client = Client(collector.url)
    client.save_dataset("walked", [{"inputs": {"q": "?"}}], project=journey)
    form = [{"name": "correct", "kind": "yes_no"}]
    source = {"kind": "filter", "where": []}
    queue = {"id": "walked", "project": journey, "form": form, "source": source}
    client.save_queue(queue)
    client.fill_queue("walked", project=journey, limit=2)
    run, other = client.evaluations(project=journey, limit=2)
    trace = client.traces(project=journey, limit=1)[0]["trace_id"]
    of = f"project={journey}"
    return [
        *(f"/{'' if name == 'overview' else name}?{of}" for name in PAGES),
        *(f"/settings?{of}&section={section}" for section in SECTIONS),
        f"/traces?{of}&trace={trace}",
        f"/datasets?{of}&dataset=walked",
        f"/evaluations?{of}&evaluation={run['id']}",
        f"/evaluations?{of}&evaluation={run['id']}&baseline={other['id']}",
        f"/review?{of}&queue=walked&of={journey}",
        f"/review?{of}&queue=walked&of={journey}&view=results",
    ]


def test_no_page_asks_another_host_or_fails_in_the_console(
    visit: Visit, walk: list[str]
) -> None:
    for path in walk:
        visit.open(path)
        page = visit.page
        expect(page.get_by_role("heading").first, path).to_be_visible()
        expect(page.get_by_test_id("stException"), path).to_have_count(0)
        assert (visit.outside, visit.errors) == ([], []), path


def test_the_browser_s_tab_says_which_page_it_is(visit: Visit, journey: str) -> None:
    for path, title in (("", "Overview"), ("traces", "Traces"), ("alerts", "Alerts")):
        visit.open(f"/{path}?project={journey}")
        expect(visit.page).to_have_title(f"{title} · tracer")


def test_words_on_the_chief_button_are_dark_on_the_light_colour_of_the_dark_theme(
    visit: Visit, journey: str
) -> None:
    page = visit.page
    button = page.get_by_role("button", name="New alert").first
    for theme, colour in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(17, 20, 29)")):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        visit.open(f"/alerts?project={journey}")
        expect(button).to_have_css("color", colour)
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("name", ["datasets", "evaluations", "review"])
def test_lists_go_by_keyboard_and_back_takes_one_step(
    visit: Visit, walk: list[str], journey: str, name: str
) -> None:
    visit.open(f"/{name}?project={journey}")
    page, before = visit.page, visit.page.url
    first = page.get_by_role("grid").get_by_role("row").nth(1)
    expect(first).to_be_visible()
    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    visit.idle()
    page.go_back()
    expect(first).to_be_visible()
    assert page.url == before


def test_a_script_that_gets_into_a_page_is_not_run(visit: Visit, journey: str) -> None:
    visit.open(f"/?project={journey}")
    ran = visit.page.evaluate(
        """() => {
            const script = document.createElement("script")
            script.textContent = "window.smuggled = true"
            document.body.append(script)
            return window.smuggled === true
        }"""
    )
    assert not ran
    assert all("Content Security Policy" in error for error in visit.errors)
    visit.errors.clear()


def test_on_a_tablet_titles_and_labels_stand_level_and_no_column_is_cut(
    visit: Visit, journey: str
) -> None:
    page = visit.page
    page.set_viewport_size({"width": 1024, "height": 768})
    titles = set()
    for name in ("", "trends", "traces"):
        visit.open(f"/{name}?project={journey}")
        titles.add(tops(page, ".st-key-page-head h2"))
    assert len(titles) == 1

    kinds = ("TextInput", "MultiSelect", "ButtonGroup", "Selectbox")
    labels = [tops(page, f".stMain .st{kind} label") for kind in kinds]
    assert labels == [labels[0]] * len(kinds)
    table = page.get_by_role("grid").first
    assert table.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_pages_go_on_in_the_language_that_was_switched_to(
    visit: Visit, journey: str
) -> None:
    """A browser answered with the words of before, and pages filtered by them."""
    page = visit.page
    for here, there, last, heading in (
        ("English", "한국어", "최근 7일", "트레이스"),
        ("한국어", "English", "Last 7 days", "Traces"),
    ):
        lang = "en" if here == "English" else "ko"
        visit.open(f"/?project={journey}&lang={lang}")
        page.get_by_test_id("stSidebar").get_by_role("radio", name=there).click()
        visit.idle()
        sidebar = page.get_by_test_id("stSidebar")
        period = sidebar.get_by_role("combobox").nth(1)
        expect(period).to_have_value(last)
        sidebar.get_by_role("link", name=heading, exact=True).click()
        visit.idle()
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        expect(period).to_have_value(last)
        assert "range=" not in page.url and "origin=" not in page.url
        assert visit.errors == []


def test_an_address_of_no_page_leads_to_the_start_page_in_its_language(
    visit: Visit, journey: str
) -> None:
    visit.open(f"/trases?project={journey}&lang=ko")
    expect(visit.page.get_by_text("없는 페이지입니다")).to_be_visible()
    expect(visit.page.get_by_role("heading", name="개요")).to_be_visible()


def tops(page: Page, selector: str) -> float:
    """How far from the top of the page the first of these stands."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return round(box["y"])

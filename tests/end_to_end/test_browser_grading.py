"""From traffic to a graded dataset, with a real worker that asks a real endpoint."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser import Visit
from dashboard_pages import tell_story
from playwright.sync_api import Locator, expect
from processes import CollectorProcess, first_line, start_module, stop

from examples.openai_server import running
from tracer import Client

pytestmark = pytest.mark.browser

STYLE = {
    "kind": "rubric",
    "model": {
        "model": "judge-browser",
        "price": {"input_usd_per_mtok": 1.0, "output_usd_per_mtok": 4.0},
    },
    "rubric": "style",
}
TO_RUN: list[dict[str, Any]] = [
    {"inputs": {"질문": "환불은 며칠?"}, "expected": "14일"},
    {"inputs": {"질문": "배송은 며칠?"}, "expected": "3일"},
]
TO_TRY = [{"inputs": {"question": "환불?"}, "output": "14일 안에 됩니다."}]


@pytest.fixture(scope="module")
def client(collector: CollectorProcess) -> Iterator[Client]:
    """A client of the collector, for which a worker works."""
    with running() as url:
        worker = start_module(
            "tracer.worker",
            *("--collector", collector.url, "--lifeline"),
            OPENAI_BASE_URL=url,
            OPENAI_API_KEY="key",
        )
        try:
            first_line(worker)
            yield Client(collector.url, "")
        finally:
            stop(worker)


@pytest.fixture(scope="module")
def traffic(client: Client, collector: CollectorProcess) -> str:
    """A project with traffic and a judge."""
    project = tell_story(collector, "a-graded-project")
    client.save_judge("style", STYLE, project=project)
    client.save_dataset("to-run", TO_RUN, project=project)
    client.save_dataset("to-try", TO_TRY, project=project)
    return project


def choose(visit: Visit, dialog: Locator, metric: str) -> None:
    """Choose a metric by its name."""
    box = dialog.get_by_role("combobox", name="Metrics")
    box.click()
    box.press_sequentially(metric)
    visit.press(visit.page.get_by_role("option", name=f"{metric} — "))
    visit.page.keyboard.press("Tab")  # an open list hides what is around it
    visit.idle()


def test_traffic_becomes_a_dataset_and_is_graded_there(
    visit: Visit, traffic: str, client: Client
) -> None:
    visit.open(f"/traces?project={traffic}&status=ok")
    page = visit.page
    visit.press(page.get_by_role("button", name="Add all that match"))
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Dataset").fill("asked")
    page.keyboard.press("Enter")
    visit.idle()
    visit.press(dialog.get_by_role("button", name="Add 4 rows"))
    href = page.get_by_role("link", name="asked").get_attribute("href")
    visit.open(f"/{href}")
    visit.press(page.get_by_role("button", name="Grade"))
    expect(dialog).to_contain_text("4 rows of dataset asked")
    visit.press(dialog.get_by_text("style · rubric · style · judge-browser"))
    expect(dialog.get_by_role("spinbutton", name="Spending limit")).to_have_value(
        "0.02"
    )
    expect(dialog).to_contain_text("≈ $0.0")
    visit.press(dialog.get_by_role("button", name="Start"))
    expect(dialog.get_by_text("4 predictions")).to_be_visible()
    expect(dialog.get_by_text("done", exact=True)).to_be_visible()

    visit.press(dialog.get_by_role("link", name="Open the evaluation run"))
    page.wait_for_url("**/evaluations?**")
    expect(page.get_by_role("grid").get_by_role("row").first).to_be_visible()
    [run] = client.evaluations(project=traffic, where=[("dataset", "=", "asked")])
    assert run["id"] in page.url
    assert (run["status"], run["n_predictions"]) == ("done", 4)
    assert client.evaluation(run["id"]).summary["style"].n == 4
    [job] = client.jobs(project=traffic)
    assert job["asked_by"] == "dashboard"
    assert job["result"]["judge_cost_usd"] > 0


def test_a_filter_of_traffic_is_graded_and_the_scores_stand_on_its_traces(
    visit: Visit, traffic: str, client: Client
) -> None:
    visit.open(f"/traces?project={traffic}&status=ok")
    page = visit.page
    visit.press(page.get_by_role("button", name="Grade all that match"))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("12 traces of project")
    choose(visit, dialog, "json_valid")
    expect(dialog).to_contain_text("this costs nothing")
    visit.press(dialog.get_by_role("button", name="Start"))
    expect(dialog.get_by_text("12 scored")).to_be_visible()
    visit.press(dialog.get_by_role("button", name="Open the scored traces"))
    page.wait_for_url("**score.json_valid**")
    expect(page.get_by_role("grid").get_by_role("row")).to_have_count(13)
    assert len(client.scores(project=traffic, origin="production")) == 12


def test_a_model_is_run_on_a_dataset_with_trials(
    visit: Visit, traffic: str, client: Client
) -> None:
    visit.open(f"/datasets?project={traffic}&dataset=to-run")
    page = visit.page
    visit.press(page.get_by_role("button", name="Run a model"))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Prompt")).to_have_value("{질문}")
    dialog.get_by_role("textbox", name="Model, as").fill("support-1")
    page.keyboard.press("Enter")
    dialog.get_by_role("spinbutton", name="Trials").fill("3")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("No price is known of support-1")
    visit.press(dialog.get_by_role("button", name="Start"))
    expect(dialog.get_by_text("6 predictions")).to_be_visible()
    [run] = client.evaluations(project=traffic, where=[("dataset", "=", "to-run")])
    assert (run["model"], run["n_examples"], run["n_predictions"]) == (
        "support-1",
        2,
        6,
    )


def test_a_judge_is_made_tried_on_a_row_and_deleted_after_a_second_look(
    visit: Visit, traffic: str, client: Client
) -> None:
    visit.open(f"/judges?project={traffic}")
    page = visit.page
    visit.press(page.get_by_role("button", name="New judge"))
    box = page.get_by_role("combobox", name="Made from")
    box.click()
    box.press_sequentially("checklist")
    page.keyboard.press("Enter")
    named = page.get_by_role("textbox", name="Name by which it is asked for")
    expect(named).to_have_value("checklist")
    visit.idle()  # what stands below the name belongs to the template before until then
    page.get_by_role("textbox", name="Model, as").fill("judge-browser")
    page.keyboard.press("Enter")
    visit.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("checklist is saved.")).to_be_visible()
    assert client.judge("checklist", project=traffic)["definition"]["questions"]

    dataset = page.get_by_role("combobox", name="Fill from dataset")
    visit.press(dataset)  # the page of the new judge may still stand beside the other
    dataset.press_sequentially("to-try")
    page.keyboard.press("Enter")
    visit.idle()
    visit.press(page.get_by_role("button", name="Fill"))
    expect(page.get_by_role("textbox", name="output")).to_have_value(
        "14일 안에 됩니다."
    )
    visit.press(page.get_by_role("button", name="Ask once"))
    expect(page.get_by_text("checklist.share")).to_be_visible()
    expect(page.get_by_text("1 call · ")).to_be_visible()

    visit.press(page.get_by_role("button", name="Delete"))
    assert client.judge("checklist", project=traffic)
    visit.press(page.get_by_role("button", name="Delete it"))
    expect(page.get_by_role("button", name="New judge")).to_be_visible()
    assert "checklist" not in {row["id"] for row in client.judges(project=traffic)}

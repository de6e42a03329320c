"""The pages of datasets, over a real collector."""

from dashboard_pages import components, page, rows, said, tell_story
from processes import CollectorProcess

from tracer import Client


def test_a_project_without_a_dataset_is_told_how_to_make_one(
    collector: CollectorProcess, project: str
) -> None:
    app = page(collector, "datasets", project=tell_story(collector, project))

    assert "save_dataset" in app.code[0].value


def test_a_dataset_shows_its_rows_and_each_of_its_versions(
    collector: CollectorProcess, told: str
) -> None:
    client = Client(collector.url, "")
    old = client.save_dataset(
        "faq/ko", [{"inputs": {"question": "환불?"}, "expected": "네"}], project=told
    )
    client.save_dataset(
        "faq/ko", [{"inputs": {"question": "배송?"}}], project=told, append=True
    )
    newest = page(collector, "datasets", project=told, dataset="faq/ko")
    older = page(
        collector, "datasets", project=told, dataset="faq/ko", version=old["version"]
    )

    asked = [row["inputs"]["text"] for row in rows(newest, "dataset-rows")]
    assert asked == ["환불?", "배송?"]
    assert len(rows(older, "dataset-rows")) == 1
    facts = components(older)["dataset-head"]["facts"]
    shown = {fact["label"]: fact["value"] for fact in facts}
    assert shown["Version"]["text"] == old["version"]
    assert shown["Rows"] == "1"


def test_a_dataset_that_is_not_there_is_said_to_be_missing(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "datasets", project=told, dataset="never made")

    assert "never made" in said(app.warning[0])

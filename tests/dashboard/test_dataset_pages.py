"""The pages of datasets, over a real collector."""

from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from dashboard_pages import components, page, rows, said, tell_story
from processes import CollectorProcess
from streamlit.testing.v1 import AppTest

from dashboard import data
from tracer import Client

ROWS = [
    {"inputs": {"question": "환불?"}, "expected": "네", "metadata": {"split": "train"}},
    {"inputs": {"question": "배송?"}, "metadata": {"split": "test"}},
]


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url, "")


@pytest.fixture
def sets(client: Client, told: str) -> Iterator[str]:
    """A dataset of two versions, the older of one row."""
    client.save_dataset("faq/ko", ROWS[:1], project=told)
    client.save_dataset("faq/ko", ROWS, project=told, note="배송도")
    yield "faq/ko"
    client.delete_dataset("faq/ko", project=told)


def opened(collector: CollectorProcess, told: str, name: str, **params: str) -> AppTest:
    return page(collector, "datasets", project=told, dataset=name, **params)


def asked(app: AppTest) -> list[str]:
    return [row["inputs"]["text"] for row in rows(app, "dataset-rows")]


def in_dialog(app: AppTest, opens: str, button: str) -> None:
    """Press a button of a dialog: here, every run draws the dialog anew."""
    app.button(key=opens).click()
    app.button(key=button).click()
    app.run()


def test_a_project_without_a_dataset_is_told_how_to_make_one(
    collector: CollectorProcess, project: str
) -> None:
    app = page(collector, "datasets", project=tell_story(collector, project))

    assert "save_dataset" in app.code[0].value
    app.button(key="upload").click().run()
    assert app.query_params["new"] == "file"
    assert "from_csv" in app.code[0].value


def test_a_dataset_shows_its_rows_and_each_of_its_versions(
    collector: CollectorProcess, client: Client, told: str, sets: str
) -> None:
    newest, older = client.dataset_versions(sets, project=told)[:2]
    app = opened(collector, told, sets)
    before = opened(collector, told, sets, version=older["version"])

    assert asked(app) == ["환불?", "배송?"]
    assert asked(before) == ["환불?"]
    facts = components(before)["dataset-head"]["facts"]
    shown = {fact["label"]: fact["value"] for fact in facts}
    assert shown["Version"]["text"] == older["version"] != newest["version"]
    assert shown["Rows"] == "1"
    before.button(key="show-newest").click().run()
    assert asked(before) == ["환불?", "배송?"]


def test_a_dataset_that_is_not_there_is_said_to_be_missing(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "datasets", project=told, dataset="never made")

    assert "never made" in said(app.warning[0])
    app = page(collector, "datasets", dataset="never made")  # in any project
    assert "never made" in said(app.warning[0])


def test_rows_are_found_by_words_and_by_split(
    collector: CollectorProcess, told: str, sets: str
) -> None:
    assert asked(opened(collector, told, sets, find="배송")) == ["배송?"]
    assert asked(opened(collector, told, sets, split="train")) == ["환불?"]
    nothing = opened(collector, told, sets, find="없는 말")
    assert "No row matches" in nothing.info[0].value
    other = opened(collector, told, sets, split="validation")
    (chosen,) = [one for one in other.button_group if one.key == "split-validation"]
    assert "validation 0" in chosen.options
    assert asked(opened(collector, told, sets, rows_page="9")) == ["환불?", "배송?"]


def test_a_long_dataset_is_read_by_pages(
    collector: CollectorProcess, client: Client, told: str
) -> None:
    many: list[dict[str, Any]] = [
        {"inputs": {"n": number}, "metadata": {"split": "ab"[number % 2]}}
        for number in range(120)
    ]
    client.save_dataset("many", many, project=told)
    app = opened(collector, told, "many")

    assert len(rows(app, "dataset-rows")) == data.ROWS_OF_PAGE
    last = opened(collector, told, "many", rows_page="3")
    assert [row["number"] for row in rows(last, "dataset-rows")][::19] == ["101", "120"]
    assert any("101–120 / 120 rows" in caption.value for caption in last.caption)
    (splits,) = [one for one in last.button_group if one.key == "split-None"]
    splits.select("a 60").run()
    assert "rows_page" not in last.query_params  # the page was one of all rows
    assert rows(last, "dataset-rows")[0]["number"] == "1"


def test_versions_show_what_changed_in_each(
    collector: CollectorProcess, client: Client, told: str, sets: str
) -> None:
    app = opened(collector, told, sets, show="versions")

    listed = rows(app, "dataset-versions")
    assert listed[0]["changes"]["text"] == "+1"
    assert listed[0]["note"]["text"] == "배송도"
    (card,) = components(app)["dataset-changes"]["cards"]
    assert card["badge"]["text"] == "added"
    assert ["ins", "배송?"] in card["parts"][0]["pieces"]


def test_an_older_version_is_restored_after_a_second_look(
    collector: CollectorProcess, client: Client, told: str, sets: str
) -> None:
    versions = client.dataset_versions(sets, project=told)
    old = versions[1]["version"]
    app = opened(collector, told, sets, version=old)
    app.button(key="restore").click().run()
    assert client.dataset(sets, project=told).version != old

    in_dialog(app, "restore", "restore-confirm")
    newest = client.dataset_versions(sets, project=told)[0]
    assert (newest["version"], newest["note"]) == (old, f"restored {old[:8]}")
    assert asked(app) == ["환불?"]


def test_a_schema_is_proposed_kept_and_held_against_the_rows(
    collector: CollectorProcess, client: Client, told: str, sets: str
) -> None:
    app = opened(collector, told, sets, show="schema")
    assert "JSON Schema" in app.info[0].value
    app.button(key="schema-save").click().run()
    assert client.dataset_rows(sets, project=told).row["schema"]
    assert "2 rows" in app.success[0].value

    schema = {"properties": {"expected": {"type": "string"}}}
    client.describe_dataset(sets, project=told, schema=schema)
    st.cache_data.clear()
    strict = opened(collector, told, sets, show="schema")
    (misfit,) = rows(strict, "schema-misfits")
    assert (misfit["number"], misfit["path"]["text"]) == ("2", "expected")


def test_description_and_tags_are_kept_without_a_new_version(
    collector: CollectorProcess, client: Client, told: str, sets: str
) -> None:
    app = opened(collector, told, sets)
    app.button(key="do-describe").click().run()
    app.text_area(key="describe-text").input("질문 모음")
    in_dialog(app, "do-describe", "describe-save")

    row = client.dataset_rows(sets, project=told).row
    assert (row["description"], row["n_versions"]) == ("질문 모음", 2)


def test_splits_are_made_by_share_and_seed(
    collector: CollectorProcess, client: Client, told: str
) -> None:
    many = [{"inputs": {"n": number}} for number in range(60)]
    client.save_dataset("to-split", many, project=told)
    app = opened(collector, told, "to-split")
    app.button(key="do-split").click().run()
    app.text_input(key="split-shares").input("train=70 test=30")
    in_dialog(app, "do-split", "split-save")

    newest = client.dataset_versions("to-split", project=told)[0]
    found = client.dataset_splits("to-split", newest["version"], project=told)
    counts = {row["split"]: row["n_rows"] for row in found}
    assert counts.keys() == {"train", "test"}
    assert sum(counts.values()) == 60 and counts["train"] > counts["test"]
    assert newest["note"] == "split: train 70%, test 30%, seed 1"


@pytest.mark.parametrize(
    "written", ["train=70", "train=50 train=50", "train test", "train=a test=b", ""]
)
def test_shares_that_are_none_are_refused(
    collector: CollectorProcess, told: str, sets: str, written: str
) -> None:
    app = opened(collector, told, sets)
    app.button(key="do-split").click().run()
    app.text_input(key="split-shares").input(written)
    app.button(key="do-split").click().run()
    assert "100 together" in app.warning[0].value


def test_a_dataset_is_copied_and_renamed_but_never_over_another(
    collector: CollectorProcess, client: Client, told: str, sets: str
) -> None:
    client.save_dataset("taken", ROWS, project=told)
    app = opened(collector, told, sets)
    app.button(key="do-rename").click().run()
    app.text_input(key="rename-name").input("taken")
    in_dialog(app, "do-rename", "rename-save")
    assert "taken already" in app.warning[0].value

    copying = opened(collector, told, sets)
    copying.button(key="do-copy").click().run()
    copying.text_input(key="copy-name").input("faq-copy")
    in_dialog(copying, "do-copy", "copy-save")
    assert copying.query_params["dataset"] == "faq-copy"
    assert len(client.dataset("faq-copy", project=told).rows) == 2


def test_edits_that_came_too_late_are_put_on_top_if_people_say_so(
    collector: CollectorProcess, client: Client, told: str, sets: str
) -> None:
    base = client.dataset(sets, project=told).version
    app = opened(collector, told, sets)
    app.session_state["dataset-row"] = 0
    app.run()
    app.toggle(key="edit-row").set_value(True)
    app.session_state["dataset-row"] = 0
    app.run()
    client.edit_dataset(
        sets,
        project=told,
        base=base,
        changed={1: {"inputs": {"question": "배송은?"}}},
        author="kim",
    )
    key = f"row-{base}-0"
    app.text_area(key=f"{key}-expected").input("예")
    app.session_state["dataset-row"] = 0
    save = next(one for one in app.button if one.label == "Save as a new version")
    save.click().run()

    assert "kim saved" in said(app.warning[0])
    assert components(app)["conflict-changes"]["cards"]
    app.button(key="conflict-mine").click().run()
    stored = client.dataset(sets, project=told).rows
    assert [row["inputs"]["question"] for row in stored] == ["환불?", "배송은?"]
    assert stored[0]["expected"] == "예"


def test_rows_are_edited_as_cells_with_columns_of_their_own(
    collector: CollectorProcess, told: str, sets: str
) -> None:
    app = opened(collector, told, sets, edit="1")
    assert app.button(key="save-edits").disabled
    app.text_input(key="new-column-name").input("level").run()
    app.button(key="new-column").click().run()

    (frame,) = [one.value for one in app.dataframe]
    assert list(frame["#"]) == ["1", "2"]
    assert "metadata.level" in frame.columns
    app.button(key="discard-edits").click().run()
    assert asked(app) == ["환불?", "배송?"]

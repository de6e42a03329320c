"""Rows that come into datasets: from files and from traces, looked at before."""

import json
from typing import Any

import pytest
from dashboard_pages import components, page, rows, said
from processes import CollectorProcess
from streamlit.testing.v1 import AppTest

from tracer import Client

KOREAN = "질문,정답\n환불은 어떻게 받나요?,주문 화면\n배송은 얼마나 걸리나요?,이틀\n"


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url, "")


@pytest.fixture
def known(client: Client, project: str) -> str:
    """A project that the sidebar knows, as something is stored in it."""
    client.save_dataset("first", [{"inputs": {"q": "?"}}], project=project)
    return project


def uploaded(
    collector: CollectorProcess, project: str, name: str, content: bytes, **more: str
) -> AppTest:
    app = page(collector, "datasets", project=project, new="file", **more)
    app.file_uploader(key="upload-file").set_value((name, content, "text/plain"))
    app.run()
    assert not app.exception, app.exception
    return app


def test_a_korean_spreadsheet_becomes_a_dataset_of_its_name(
    collector: CollectorProcess, client: Client, known: str
) -> None:
    app = uploaded(collector, known, "질문.csv", KOREAN.encode("cp949"))

    shown = rows(app, "upload-preview")
    assert shown[0]["inputs.질문"]["text"] == "환불은 어떻게 받나요?"
    assert shown[0]["source"]["text"] == "질문.csv:2"
    app.button(key="upload-save").click().run()
    found = client.dataset_rows("질문", project=known)
    assert [row["expected"] for row in found.rows] == ["주문 화면", "이틀"]
    assert (found.row["note"], found.row["author"]) == ("from 질문.csv", "dashboard")
    assert app.query_params["dataset"] == "질문"


def test_columns_become_what_people_say(
    collector: CollectorProcess, client: Client, known: str
) -> None:
    app = uploaded(collector, known, "faq.csv", b"q,a,team\nwhere?,here,care\n")
    [inputs] = [one for one in app.multiselect if one.label == "Inputs"]
    assert inputs.value == ["q", "a", "team"]
    inputs.set_value(["q"])
    [expected] = [one for one in app.selectbox if one.label == "Expected"]
    expected.set_value("a").run()

    assert "team" in said(next(one for one in app.caption if "Left out" in one.value))
    app.button(key="upload-save").click().run()
    [row] = client.dataset("faq", project=known).rows
    assert (row["inputs"], row["expected"]) == ({"q": "where?"}, "here")


def test_lines_that_cannot_be_read_are_named_and_left_out(
    collector: CollectorProcess, client: Client, known: str
) -> None:
    content = b'{"input": "2+2?", "ideal": "4"}\n{"other": 1}\n'
    app = uploaded(collector, known, "sums.jsonl", content)

    assert "1 of 2 rows cannot be read" in said(app.warning[0])
    (problem,) = rows(app, "upload-problems")
    assert problem["line"] == "2"
    app.button(key="upload-save").click().run()
    assert len(client.dataset("sums", project=known).rows) == 1


def test_a_file_that_breaks_off_is_not_read_at_all(
    collector: CollectorProcess, known: str
) -> None:
    app = uploaded(collector, known, "faq.jsonl", b'{"q": 1}\n{"q": \n')

    assert "line 2" in said(app.error[0])
    assert "upload-preview" not in components(app)


def test_rows_that_the_dataset_holds_already_are_left_out_unless_asked_for(
    collector: CollectorProcess, client: Client, known: str
) -> None:
    stored = [{"inputs": {"질문": "환불은 어떻게 받나요?"}, "expected": "화면에서"}]
    client.save_dataset("faq", stored, project=known)
    app = uploaded(collector, known, "new.csv", KOREAN.encode(), into="faq")

    (near, other) = rows(app, "upload-preview")
    assert near["near"]["badge"]["text"] == "like row 1 · 100%"
    assert other["near"] is None
    assert app.button(key="upload-save").label == "Save 1 row"
    app.segmented_control(key="upload-near-choice").set_value("keep").run()
    app.button(key="upload-save").click().run()
    assert len(client.dataset("faq", project=known).rows) == 3


def test_a_file_can_take_the_place_of_all_rows(
    collector: CollectorProcess, client: Client, known: str
) -> None:
    client.save_dataset("faq", [{"inputs": {"q": "old"}}], project=known)
    content = json.dumps({"inputs": {"q": "new"}, "expected": "n"}).encode()
    app = uploaded(collector, known, "faq.jsonl", content)
    app.segmented_control(key="upload-mode").set_value("replace").run()
    app.button(key="upload-save").click().run()

    [row] = client.dataset("faq", project=known).rows
    assert row["inputs"] == {"q": "new"}
    assert client.dataset_rows("faq", project=known).row["n_versions"] == 2


def from_traces(
    collector: CollectorProcess, told: str, client: Client, **asked: Any
) -> AppTest:
    """Open the dialog that adds one trace's entry span: each run draws it anew."""
    trace = client.traces(project=told, where=[("status", "=", "ok")], limit=1)[0]
    app = page(collector, "traces", project=told, trace=trace["trace_id"])
    app.button(key=f"add-{trace['span_id']}").click().run()
    assert not app.exception, app.exception
    return app


def test_a_trace_is_shown_as_the_row_that_it_becomes(
    collector: CollectorProcess, client: Client, told: str
) -> None:
    app = from_traces(collector, told, client)

    assert app.multiselect(key="adding-inputs").value == ["input.question"]
    assert app.selectbox(key="adding-expected").value == ""
    assert app.multiselect(key="adding-metadata").value == ["metadata.plan"]
    (row,) = rows(app, "adding-preview")
    assert row["inputs.question"]["text"]
    assert row["output"]["text"] == "Look under Orders."
    assert app.button(key="adding-save").label == "Add 1 row"

"""The pages of jobs and judges, and the dialogs that grade, over a real collector."""

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from dashboard_pages import components, page, rows, said
from guarded import ADMIN, guarded_collector
from processes import CollectorProcess
from streamlit.testing.v1 import AppTest

import tracer
from dashboard.texts import text
from examples.openai_server import running
from tracer import Client
from tracer.worker.estimating import on_paper
from tracer.worker.loop import Worker

PRICED = {
    "model": "judge-pages",
    "price": {"input_usd_per_mtok": 1.0, "output_usd_per_mtok": 4.0},
}
STYLE = {"kind": "rubric", "model": PRICED, "rubric": "style"}
RAG = {"kind": "rag", "model": "judge-nobody-sells"}
FAQ: list[dict[str, Any]] = [
    {"inputs": {"question": "환불?"}, "expected": "14일", "output": "14일 안에"},
    {"inputs": {"question": "배송?"}, "expected": "내일", "output": "모레"},
]


@pytest.fixture
def client(
    collector: CollectorProcess, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    with running() as url:
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        yield Client(collector.url, "")
    tracer.shutdown()


@pytest.fixture
def faq(client: Client, project: str) -> str:
    """A project with a dataset and two judges."""
    client.save_dataset("faq", FAQ, project=project)
    client.save_judge("style", STYLE, project=project)
    client.save_judge("rag", RAG, project=project)
    return project


def work_off(client: Client) -> None:
    Worker(client, threading.Event()).run(until_idle=True)


def metrics_of(app: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in app.metric}


def captions(app: AppTest) -> list[str]:
    return [said(one) for one in app.caption]


def test_a_project_without_jobs_is_told_how_to_start_one(
    collector: CollectorProcess, project: str
) -> None:
    app = page(collector, "jobs", project=project)
    assert any("start_job" in one.value for one in app.code)


def test_without_a_worker_the_page_says_how_to_start_one(
    collector: CollectorProcess, client: Client, project: str
) -> None:
    for row in client.workers():
        client.forget_worker(row["worker"])
    app = page(collector, "jobs", project=project)
    assert text("jobs.no_worker") in [one.value for one in app.warning]
    assert any(
        f"tracer worker --collector {collector.url}" in c.value for c in app.code
    )


def test_jobs_are_listed_with_who_asked_and_why_they_failed(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    params = {"dataset": "none", "metrics": ["cer"]}
    client.start_job("score_dataset", params, project=faq, asked_by="지민")
    work_off(client)
    [row] = rows(page(collector, "jobs", project=faq), "jobs")
    assert row["state"]["badge"]["text"] == "failed"
    assert row["by"]["text"] == "지민"
    assert "none" in row["message"]["text"]


def test_a_job_that_waits_can_be_cancelled_and_tried_again(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    params = {"dataset": "faq", "metrics": ["exact_match"]}
    job = client.start_job("score_dataset", params, project=faq)
    app = page(collector, "jobs", project=faq, job=job["id"], of=faq)
    app.button(key=f"cancel-{job['id']}").click().run()
    assert client.job(job["id"])["state"] == "cancelled"
    app = page(collector, "jobs", project=faq, job=job["id"], of=faq)
    app.button(key=f"retry-{job['id']}").click().run()
    assert app.button(key=f"cancel-{job['id']}")  # it is watched again
    work_off(client)
    assert client.job(job["id"])["state"] == "done"


def test_a_job_that_somebody_else_tries_again_is_not_shown_as_ended(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    params = {"dataset": "faq", "metrics": ["exact_match"]}
    job = client.start_job("score_dataset", params, project=faq)
    client.cancel_job(job["id"], project=faq)
    app = page(collector, "jobs", project=faq, job=job["id"], of=faq)
    assert app.button(key=f"retry-{job['id']}")
    client.retry_job(job["id"], project=faq)
    st.cache_data.clear()
    app.run()
    assert app.button(key=f"cancel-{job['id']}")
    client.cancel_job(job["id"], project=faq)


def test_a_job_that_is_done_leads_to_its_run_and_tells_what_failed(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    params = {"dataset": "faq", "metrics": [{"metric": "regex_match", "pattern": "("}]}
    job = client.start_job("score_dataset", params, project=faq)
    work_off(client)
    app = page(collector, "jobs", project=faq, job=job["id"], of=faq)
    head = components(app)[f"job-title-{job['id']}"]
    assert head["badges"][0]["text"] == "done"
    faults = rows(app, f"job-faults-{job['id']}")
    assert len(faults) == 2
    assert faults[0]["score"]["text"] == "regex_match"


def test_the_sidebar_counts_jobs_that_wait(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    job = client.start_job("score_dataset", {"dataset": "faq"}, project=faq)
    app = page(collector, "overview", project=faq)
    labels = [str(one.proto.label) for one in app.get("page_link")]
    assert "1 waits" in labels
    client.cancel_job(job["id"])


def test_grading_a_dataset_opens_with_its_cost_and_what_each_judge_lacks(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    app = page(collector, "datasets", project=faq, dataset="faq")
    app.button(key="grade-dataset").click().run()
    assert not app.exception
    assert metrics_of(app) == {
        "Rows": "2",
        "Model calls": "0",
        "Tokens in + out": "0",
        "Cost": "$0.00",
    }
    assert app.button(key="grading-start").disabled
    assert app.checkbox(key="score_dataset-judge-rag").disabled
    assert not app.checkbox(key="score_dataset-judge-style").disabled
    assert any("No row has: context" in one for one in captions(app))
    offered = app.multiselect(key="score_dataset-metrics").options
    assert any(one.startswith("chrf — ") for one in offered)
    assert not any("output yet" in said(one) for one in app.info)


def test_a_worker_without_a_key_is_told_before_a_judge_is_chosen_or_made(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    for row in client.workers():
        client.forget_worker(row["worker"])
    client.report_worker("keyless", {"base_url": "http://gpu/v1", "has_key": False})
    st.cache_data.clear()
    app = page(collector, "datasets", project=faq, dataset="faq")
    app.button(key="grade-dataset").click().run()
    assert text("jobs.no_key") in [one.value for one in app.warning]
    for project in (faq, f"{faq}-new"):
        judges = page(collector, "judges", project=project)
        assert text("jobs.no_key") in [one.value for one in judges.warning]
    client.forget_worker("keyless")


def test_rows_without_outputs_are_led_to_a_model(
    collector: CollectorProcess, client: Client, project: str
) -> None:
    """It told of 39 metrics that do not fit, and nothing of what to do."""
    rows = [{"inputs": {"question": "환불?"}, "expected": "14일"}]
    client.save_dataset("asked", rows, project=project)
    app = page(collector, "datasets", project=project, dataset="asked")
    app.button(key="grade-dataset").click().run()
    assert any("Run a model" in said(one) for one in app.info)


def test_traffic_is_graded_by_its_filter_without_metrics_of_references(
    collector: CollectorProcess, client: Client, told: str
) -> None:
    app = page(collector, "traces", project=told)
    app.button(key="grade-all").click().run()
    assert not app.exception
    assert any("13 traces" in one for one in captions(app))
    offered = app.multiselect(key="score_traces-metrics").options
    assert [one.partition(" — ")[0] for one in offered] == [
        "regex_match",
        "json_valid",
        "json_schema_valid",
    ]


def test_a_model_run_begins_with_a_prompt_of_the_columns(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    app = page(collector, "datasets", project=faq, dataset="faq")
    app.button(key="run-model").click().run()
    assert not app.exception
    assert app.text_area(key="run-prompt").value == "{question}"
    assert app.button(key="run-start").disabled
    assert metrics_of(app)["Model calls"] == "2"
    assert not app.checkbox(key="run-judge-style").disabled


def test_a_project_without_judges_is_told_how_to_make_one(
    collector: CollectorProcess, project: str
) -> None:
    app = page(collector, "judges", of=project)
    assert any("save_judge" in one.value for one in app.code)


def test_judges_are_listed_with_what_they_look_at(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    trace_id = uuid.uuid4().hex
    for source, author in (("model", on_paper(STYLE).author), ("human", "ann")):
        about = {"project": faq, "trace_id": trace_id, "source": source}
        client.add_score("style", 4, author=author, **about)
    listed = rows(page(collector, "judges", project=faq), "judges")
    assert [row["id"]["text"] for row in listed] == ["rag", "style"]
    assert listed[1]["about"]["text"] == "rubric · style · judge-pages"
    assert listed[1]["agrees"]["text"].startswith("100%")
    assert listed[1]["agrees"]["text"].endswith("· n 1")
    assert listed[0]["agrees"] is None


def test_a_judge_is_made_from_a_ready_rubric(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    app = page(collector, "judges", project=faq, judge="+")
    app.selectbox(key="judge-template").set_value("rubric.toxicity").run()
    app.selectbox(key="judge-language").set_value("ko").run()
    key = "new-rubric.toxicity-ko"
    assert app.text_input(key=f"{key}-id").value == "toxicity-ko"
    app.text_input(key="new-model").set_value("judge-pages").run()
    app.button(key="judge-save").click().run()
    assert not app.exception
    stored = client.judge("toxicity-ko", project=faq)
    assert stored["author"] == "dashboard"
    rubric = stored["definition"]["rubric"]
    assert (rubric["language"], rubric["needs"]) == ("ko", ["output"])
    assert sorted(rubric["levels"]) == ["1", "2", "3", "4", "5"]


def test_a_change_of_the_criteria_asks_for_a_new_version(
    collector: CollectorProcess, client: Client, project: str
) -> None:
    rubric = {"name": "tone", "criteria": "Polite?", "levels": {"1": "no", "2": "yes"}}
    definition = {"kind": "rubric", "model": "judge-pages", "rubric": rubric}
    client.save_judge("tone", definition, project=project)
    app = page(collector, "judges", of=project, judge="tone")
    key = f"edit-{project}-tone-1"
    app.text_area(key=f"{key}-criteria").set_value("정중한가?").run()
    assert text("judges.bump", version="2") in [one.value for one in app.info]
    app.text_input(key=f"{key}-version").set_value("2").run()
    app.button(key="judge-save").click().run()
    stored = client.judge("tone", project=project)["definition"]["rubric"]
    assert (stored["criteria"], stored["version"]) == ("정중한가?", "2")


def test_a_judge_is_tried_on_a_row_of_a_dataset(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    app = page(collector, "judges", project=faq, judge="style")
    app.button(key="judge-fill").click().run()
    assert app.text_area(key="judge-part-output").value == "14일 안에"
    app.button(key="judge-ask").click().run()
    [job] = client.jobs(project=faq, state="queued")
    work_off(client)
    st.cache_data.clear()  # as after a second
    app.run()
    verdict = rows(app, f"judge-verdict-{job['id']}")
    assert verdict[0]["name"]["text"] == "style"
    assert any("1 call · " in one for one in captions(app))


def test_a_judge_shows_how_far_it_agrees_with_people(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    for by_judge, by_person in [(5, 5), (4, 3), (1, 1)]:
        trace = {"trace_id": uuid.uuid4().hex, "project": faq}
        author = "style@1:judge-pages"
        client.add_score("style", by_judge, source="model", author=author, **trace)
        client.add_score("style", by_person, source="human", author="j", **trace)
    app = page(collector, "judges", project=faq, judge="style")
    [agreed] = rows(app, "judge-agreement")
    assert agreed["n"] == "3"
    assert agreed["exact"].startswith("66.7%")
    assert text("judges.agreement_note") in captions(app)


def test_a_judge_of_much_traffic_is_still_held_against_people(
    collector: CollectorProcess,
    client: Client,
    faq: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The newest scores alone were read, and in them were no people's any more."""
    monkeypatch.setattr("dashboard.data._jobs.MOST_SCORES", 4)
    author = "style@1:judge-pages"
    for number in range(4):
        trace = {"trace_id": uuid.uuid4().hex, "project": faq}
        if not number:
            client.add_score("style", 5, source="human", author="j", **trace)
        client.add_score("style", 5, source="model", author=author, **trace)
    app = page(collector, "judges", project=faq)
    [style] = [row for row in rows(app, "judges") if row["id"]["text"] == "style"]
    assert style["agrees"]["text"].endswith("n 1")


def test_a_judge_that_is_not_there_is_said_to_be_missing(
    collector: CollectorProcess, client: Client, faq: str
) -> None:
    gone = uuid.uuid4().hex
    app = page(collector, "judges", project=faq, judge=gone)
    assert gone in said(app.warning[-1])


def test_who_may_only_look_is_offered_no_job_and_no_change(tmp_path: Path) -> None:
    with guarded_collector(tmp_path) as guarded:
        admin = Client(guarded.url, ADMIN)
        admin.save_dataset("faq", FAQ, project="mine")
        admin.save_judge("style", STYLE, project="mine")
        job = admin.start_job("score_dataset", {"dataset": "faq"}, project="mine")
        read = guarded.make("read")
        seen: list[str] = []
        for name, asked in (
            ("datasets", {"dataset": "faq"}),
            ("judges", {}),
            ("judges", {"judge": "style"}),
            ("jobs", {"job": job["id"], "of": "mine"}),
        ):
            app = page(guarded.url, name, api_key=read, project="mine", **asked)
            seen += [str(one.key) for one in app.button]
            if "judge" in asked:  # the fields show the judge, and take nothing
                key = "edit-mine-style-1"
                assert app.text_input(key=f"{key}-model").disabled
                assert app.text_area(key=f"{key}-criteria").disabled
                assert app.number_input(key=f"{key}-repeats").disabled
                assert text("error.for_editors") in [said(one) for one in app.info]
        offered = {"grade-dataset", "run-model", "new-judge", "judge-save", "judge-ask"}
        assert offered & set(seen) == set()
        assert f"cancel-{job['id']}" not in seen

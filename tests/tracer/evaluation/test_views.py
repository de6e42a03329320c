"""Named views of a run: kept as they were given, never taken for something else."""

import re
from dataclasses import replace
from typing import Any

import pytest

import tracer
from tracer import _runtime, semconv
from tracer._values.redact import Redactor
from tracer.client import Client
from tracer.evaluation import EvaluationLogger


def views(sent: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sent.events(semconv.EVENT_EVALUATION_VIEW)
    return found


@pytest.mark.parametrize(
    ("given", "media_type"),
    [
        ({}, "text/plain"),
        ({"extension": "md"}, "text/markdown"),
        ({"extension": ".HTML"}, "text/html"),
        ({"extension": "csv", "mimetype": "text/x-own"}, "text/x-own"),
        ({"extension": "no-such"}, "text/plain"),
    ],
)
def test_view_says_what_it_is(
    sent: Any, given: dict[str, str], media_type: str
) -> None:
    with EvaluationLogger() as log:
        log.set_view("보고서", "# 결과", **given)
    (view,) = views(sent)
    assert view == {
        semconv.EVALUATION_ID: log.id,
        semconv.VIEW_NAME: "보고서",
        semconv.VIEW_MEDIA_TYPE: media_type,
        semconv.VIEW_CONTENT: "# 결과",
    }


def test_view_can_be_bytes_in_an_encoding_with_metadata(sent: Any) -> None:
    with EvaluationLogger() as log:
        log.set_view("v", "한글".encode("cp949"), encoding="cp949", metadata={"n": 3})
    (view,) = views(sent)
    assert view[semconv.VIEW_CONTENT] == "한글"
    assert view[semconv.VIEW_METADATA] == '{"n":3}'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("", "x", "has no name"),
        (" ", "x", "has no name"),
        ("v", "", "is empty"),
        ("v", b"\xff\xfe\x00", "is no text in utf-8"),
        ("v", 3, "is a int; give a text"),
        ("v", "x" * (1 << 20) + "x", "max_value_bytes allows 1,048,576"),
    ],
)
def test_view_that_is_none_is_refused_and_nothing_is_sent(
    sent: Any, name: str, content: Any, said: str
) -> None:
    with EvaluationLogger() as log, pytest.raises(ValueError, match=said):
        log.set_view(name, content)
    assert views(sent) == []


def test_view_of_a_finished_run_is_refused(sent: Any) -> None:
    with EvaluationLogger() as log:
        pass
    with pytest.raises(ValueError, match="is finished; cannot set a view"):
        log.set_view("v", "x")


def test_rules_of_redaction_hold_for_views_and_content_may_stay_here(
    sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = (re.compile(r"\d{3}-\d{4}"),)
    state = replace(_runtime.state, redactor=Redactor(rules))
    monkeypatch.setattr(_runtime, "state", state)
    with EvaluationLogger() as log:
        log.set_view("v", "call 010-1234", metadata={"api_key": "sk-1", "n": 1})
        silent = replace(state.settings, capture_content=False)
        monkeypatch.setattr(_runtime, "state", replace(state, settings=silent))
        log.set_view("w", "비밀")
    kept, silenced = views(sent)
    assert kept[semconv.VIEW_CONTENT] == "call [redacted]"
    assert "sk-1" not in kept[semconv.VIEW_METADATA]
    assert silenced[semconv.VIEW_CONTENT] == ""


def test_views_are_read_back_newest_of_each_name(live: Client) -> None:
    with EvaluationLogger(name="faq", eval_attributes={"branch": "main"}) as log:
        log.set_view("보고서", "# 첫", extension="md")
        log.set_view("table", "a,b", extension="csv", metadata={"rows": 1})
        log.set_view("보고서", "# 둘 <b>굵게</b>", extension="md")
    tracer.flush()
    run = live.evaluation(log.id)
    table, report = run.views()
    assert (report["name"], report["content"]) == ("보고서", "# 둘 <b>굵게</b>")
    assert (report["media_type"], table["media_type"]) == ("text/markdown", "text/csv")
    assert (table["metadata"], table["at"].tzinfo is None) == ({"rows": 1}, False)
    assert (run.status, run.row["metadata"]) == ("done", {"branch": "main"})

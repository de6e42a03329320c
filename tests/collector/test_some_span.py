"""Traces are found by what lies below an entry span that says nothing of its own."""

from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from otlp_requests import START_NS, put, span, trace_request
from reading import of, page, read, trace_names

from collector.api.refusals import Refusal
from collector.storage.engine import Store
from collector.storage.reads.reader import Row
from collector.storage.reads.trace import read_trace
from collector.storage.reads.traces import list_traces

SECOND_NS = 10**9
FAILED = Status(code=Status.STATUS_CODE_ERROR, message="no")
AGENT = {
    "gen_ai.operation.name": "invoke_agent",
    "tracer.input": '"환불은 언제 되나요?"',
    "tracer.output": '"내일"',
    "user.id": "u-7",
    "session.id": "s-7",
    "tracer.tags": ["beta"],
    "tracer.metadata.department": "회계",
    "tracer.metadata.n": 3,
}
CALL = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.response.model": "m-2",
    "tracer.input": '"the whole prompt"',
    "app.tenant": "acme",
    "user.id": "u-7",
    "session.id": "s-7",
}


@pytest.fixture(scope="module")
def project(store: Store) -> str:
    """A request of a web framework, an agent in it, a slow call, a quick failed one."""
    project = "some-span"
    root = span(name="POST /ask", kind=2)
    inner = {"trace_id": root.trace_id, "parent_span_id": root.span_id}

    def after(seconds: float, **fields: Any) -> dict[str, Any]:
        start = START_NS + int(seconds * SECOND_NS)
        times = {"start_time_unix_nano": start, "end_time_unix_nano": start + 10**6}
        return inner | times | fields

    slow = after(0.2, end_time_unix_nano=START_NS + 9 * SECOND_NS, name="chat")
    quick = after(0.3, name="retry", status=FAILED)
    put(
        store,
        trace_request(
            root,
            span(CALL, **slow),
            span(AGENT, **after(0.1, name="agent")),
            span(CALL | {"gen_ai.response.model": "m-3"}, **quick),
            span(name="other"),
            project=project,
        ),
    )
    return project


@pytest.mark.parametrize(
    "where",
    [
        [("user_id", "=", "u-7")],
        [("session_id", "starts_with", "s-")],
        [("tags", "contains", "beta")],
        [("metadata.department", "=", "회계")],
        [("metadata.n", ">", 2)],
        [("attributes.app.tenant", "=", "acme")],
        [("text", "contains", "환불")],
        [("input", "contains", "whole PROMPT")],
        [("output", "=", '"내일"')],
        [("model", "=", "m-2"), ("provider", "=", "openai")],
        [("model", "in", ["m-3", "m-9"])],
        [("n_errors", ">", 0)],
        [("span.status", "=", "error")],
        [("span.model", "=", "m-2"), ("span.duration_ms", ">", 5000)],
        [("span.text", "contains", "prompt"), ("span.status", "=", "error")],
        [("span.status", "=", "error"), ("span2.duration_ms", ">", 5000)],
        [("entry.span_kind", "=", "server"), ("user_id", "=", "u-7")],
    ],
)
def test_a_trace_is_found_by_what_lies_below_its_entry_span(
    store: Store, project: str, where: list[tuple[Any, ...]]
) -> None:
    assert trace_names(store, project, *where) == ["POST /ask"]


@pytest.mark.parametrize(
    "where",
    [
        [("span.model", "=", "m-3"), ("span.duration_ms", ">", 5000)],
        [("span.name", "=", "agent"), ("span.status", "=", "error")],
        [("entry.user_id", "=", "u-7")],
        [("entry.text", "contains", "환불")],
        [("status", "=", "error")],
        [("user_id", "=", "u-8")],
    ],
)
def test_conditions_of_one_span_are_not_met_by_several(
    store: Store, project: str, where: list[tuple[Any, ...]]
) -> None:
    assert trace_names(store, project, *where) == []


@pytest.mark.parametrize(
    "condition",
    [
        ("user_id", "!=", "u-7"),
        ("user_id", "missing"),
        ("tags", "!=", "beta"),
        ("metadata.department", "missing"),
        ("text", "missing"),
        ("model", "!=", "m-2"),
        ("n_errors", "=", 0),
    ],
)
def test_a_negation_means_that_no_span_of_the_trace_has_it(
    store: Store, project: str, condition: tuple[Any, ...]
) -> None:
    assert trace_names(store, project, condition) == ["other"]


def shown(store: Store, project: str) -> Row:
    (row,) = read(store, list_traces, of(project), page(("name", "=", "POST /ask")))[0]
    return row


def test_a_trace_shows_what_its_first_span_with_it_says(
    store: Store, project: str
) -> None:
    row = shown(store, project)
    assert (row["user_id"], row["session_id"], row["tags"]) == ("u-7", "s-7", ["beta"])
    assert row["metadata"] == {"department": "회계", "n": 3}
    assert (row["input_preview"], row["output_preview"]) == (
        "환불은 언제 되나요?",
        "내일",
    )


def test_a_failure_that_was_caught_shows_in_the_count_of_errors(
    store: Store, project: str
) -> None:
    row = shown(store, project)
    assert (row["status"], row["n_errors"]) == ("ok", 1)


def test_a_trace_alone_and_in_its_list_is_the_same_row(
    store: Store, project: str
) -> None:
    row = shown(store, project)
    alone = read(store, read_trace, of(project), row["trace_id"])
    assert alone is not None
    assert alone["trace"] == row


def test_spans_that_start_behind_the_window_count_for_their_trace(
    store: Store, project: str
) -> None:
    window = of(project, since_ns=START_NS, until_ns=START_NS + 1)
    found, _ = read(store, list_traces, window, page(("user_id", "=", "u-7")))
    assert [row["name"] for row in found] == ["POST /ask"]


def test_a_wrong_name_behind_the_prefix_is_refused_with_advice(store: Store) -> None:
    for name in ("span.modle", "span2.modle", "entry.modle"):
        with pytest.raises(Refusal) as refusal:
            read(store, list_traces, of("some-span"), page((name, "=", "x")))
        assert "model" in refusal.value.hint


def test_a_call_that_failed_has_no_answer_of_a_step(store: Store) -> None:
    """A failed turn showed what was looked up for it as what was answered."""
    project = "failed-without-answer"
    root = span({"tracer.input": '"환불?"'}, name="answer", status=FAILED)
    inner = {"trace_id": root.trace_id, "parent_span_id": root.span_id}
    looked_up = span({"tracer.output": '"passages"'}, name="search", **inner)
    put(store, trace_request(root, looked_up, project=project))

    ((row,), *_) = read(store, list_traces, of(project), page())
    alone = read(store, read_trace, of(project), row["trace_id"])

    assert (row["input_preview"], row["output_preview"]) == ("환불?", None)
    assert alone is not None
    assert alone["trace"] == row

"""Content that a sender puts only into log records is its span's all the same."""

from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_requests import START_NS, any_value, log_request, put, record, span
from otlp_requests import trace_request as spans_of
from reading import of, page, read

from collector.storage.engine import Store
from collector.storage.reads.sessions import list_sessions, read_session
from collector.storage.reads.spans import list_spans
from collector.storage.reads.trace import read_trace
from collector.storage.reads.traces import list_traces

QUESTION = [{"role": "user", "parts": [{"type": "text", "content": "환불?"}]}]
ANSWER = [{"role": "assistant", "parts": [{"type": "text", "content": "네"}]}]


def one_a_message(where: dict[str, Any]) -> list[Any]:
    """Records as instrumentations of convention 1.36 write them."""
    bodies = {
        "gen_ai.user.message": {"content": "환불?"},
        "gen_ai.choice": {"index": 0, "message": {"content": "네"}},
    }
    return [
        record(
            {"event.name": name},
            body=any_value(body),
            time_unix_nano=START_NS + place,
            **where,
        )
        for place, (name, body) in enumerate(bodies.items())
    ]


def one_a_call(where: dict[str, Any]) -> list[Any]:
    """A record as the newest conventions write it: structured, time only observed."""
    values = {"gen_ai.input.messages": QUESTION, "gen_ai.output.messages": ANSWER}
    name = "gen_ai.client.inference.operation.details"
    times = {"time_unix_nano": 0, "observed_time_unix_nano": START_NS + 5}
    return [record(values, event_name=name, **times, **where)]


@pytest.mark.parametrize("records", [one_a_message, one_a_call])
@pytest.mark.parametrize("logs_first", [True, False])
def test_it_fills_input_output_messages_and_previews(
    store: Store, project: str, records: Any, logs_first: bool
) -> None:
    """Only `messages` had it; input, output and the lists stayed empty."""
    one = span({"gen_ai.operation.name": "chat"})
    where = {"trace_id": one.trace_id, "span_id": one.span_id}
    logs = log_request(*records(where), project=project)
    requests = [("logs", logs), ("traces", spans_of(one, project=project))]
    for signal, body in requests if logs_first else reversed(requests):
        put(store, body, signal=signal)
    trace = read(store, read_trace, of(project), one.trace_id.hex())
    (shown,) = trace["spans"]
    assert (shown["input"], shown["output"]) == (QUESTION, ANSWER)
    assert trace["trace"]["output_preview"] == "네"
    assert [m["role"] for m in shown["messages"]] == ["user", "assistant"]
    for list_rows in (list_spans, list_traces):
        ((row,), _) = read(store, list_rows, of(project), page())
        assert (row["input_preview"], row["output_preview"]) == ("환불?", "네")


def test_what_the_span_says_itself_goes_first(store: Store, project: str) -> None:
    one: Span = span({"gen_ai.operation.name": "chat", "tracer.input": '"own"'})
    where = {"trace_id": one.trace_id, "span_id": one.span_id}
    put(store, spans_of(one, project=project))
    put(store, log_request(*one_a_call(where), project=project), signal="logs")
    (shown,) = read(store, read_trace, of(project), one.trace_id.hex())["spans"]
    assert (shown["input"], shown["output"]) == ("own", ANSWER)


def test_a_turn_of_a_session_says_what_only_log_records_of_its_call_say(
    store: Store, project: str
) -> None:
    call = span({"gen_ai.operation.name": "chat", "session.id": "s"})
    framework = span({"session.id": "s"})
    below = span(
        {"gen_ai.operation.name": "chat"},
        trace_id=framework.trace_id,
        parent_span_id=framework.span_id,
    )
    put(store, spans_of(call, framework, below, project=project))
    for one in (call, below):
        where = {"trace_id": one.trace_id, "span_id": one.span_id}
        put(store, log_request(*one_a_call(where), project=project), signal="logs")

    ((listed,), _) = read(store, list_sessions, of(project), page())
    assert listed["input_preview"] == "환불?"
    assert "first_trace_id" not in listed
    found = read(store, read_session, of(project), "s", page(order="start"))
    assert found is not None
    said = [(turn["input"], turn["output"]) for turn in found[1]]
    assert said == [(QUESTION, ANSWER)] * 2

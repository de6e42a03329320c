"""Entry spans of many traces at once: as each is alone, with what was retrieved."""

import json
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_requests import START_NS, any_value, log_request, put, record, span
from otlp_requests import trace_request as request
from reading import of, page, read

from collector.storage.engine import Store
from collector.storage.reads.entries import list_entry_spans
from collector.storage.reads.reader import Row
from collector.storage.reads.trace import read_span

SECOND_NS = 10**9


def asked(number: int, **values: Any) -> Span:
    return span(
        {"tracer.input": json.dumps({"question": f"질문 {number}"})} | values,
        name=f"call-{number}",
        start_time_unix_nano=START_NS + number * SECOND_NS,
        end_time_unix_nano=START_NS + number * SECOND_NS + 1000,
    )


def entries(store: Store, project: str, **asked: Any) -> tuple[list[Row], str | None]:
    return read(store, list_entry_spans, of(project), page(**asked))


def test_each_entry_span_is_as_it_is_alone(store: Store, project: str) -> None:
    calls = [asked(number) for number in range(3)]
    inside = span(trace_id=calls[0].trace_id, parent_span_id=calls[0].span_id)
    chat = {"gen_ai.operation.name": "chat"}
    spoken = span(chat, name="spoken", start_time_unix_nano=START_NS)
    put(store, request(*calls, inside, spoken, project=project))
    said = record(
        {"event.name": "gen_ai.user.message"},
        body=any_value({"content": "환불?"}),
        trace_id=spoken.trace_id,
        span_id=spoken.span_id,
        time_unix_nano=START_NS,
    )
    put(store, log_request(said, project=project), signal="logs")
    found, cursor = entries(store, project)
    assert cursor is None
    assert {row["name"] for row in found} == {"call-0", "call-1", "call-2", "spoken"}
    for row in found:
        alone = read(store, read_span, of(project), row["trace_id"], row["span_id"])
        assert row.pop("retrievers") == []
        assert row == alone
    [one] = [row for row in found if row["name"] == "spoken"]
    assert one["messages"][0]["parts"][0]["content"] == "환불?"


def test_a_page_goes_on_behind_its_cursor(store: Store, project: str) -> None:
    put(store, request(*map(asked, range(5)), project=project))
    first, cursor = entries(store, project, limit=3)
    rest, end = entries(store, project, limit=3, cursor=cursor)
    names = [row["name"] for row in (*first, *rest)]
    assert names == [f"call-{number}" for number in (4, 3, 2, 1, 0)]
    assert (cursor is None, end) == (False, None)


def test_what_was_retrieved_stands_beside_it_the_earliest_first(
    store: Store, project: str
) -> None:
    call = asked(0)
    found = [
        span(
            {"tracer.kind": "retriever", "tracer.output": json.dumps([word])},
            trace_id=call.trace_id,
            parent_span_id=call.span_id,
            start_time_unix_nano=START_NS + place,
        )
        for place, word in ((2, "second"), (1, "first"))
    ]
    put(store, request(call, *found, asked(1), project=project))
    put(store, request(*found, project=project))  # sent again
    (without, with_both), _ = entries(store, project)
    assert without["retrievers"] == []
    outputs = [one["output"] for one in with_both["retrievers"]]
    assert outputs == [["first"], ["second"]]
